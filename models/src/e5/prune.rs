//! Which pieces of the vocabulary are kept.

use super::source::Source;

/// Blocks of Unicode whose characters are kept: Latin, Greek, marks, punctuation, digits,
/// symbols, Chinese and Japanese.
const KEPT: [(char, char); 15] = [
    ('\u{0000}', '\u{03FF}'),   // Latin, phonetic extensions, combining marks, Greek
    ('\u{1D00}', '\u{1FFF}'),   // phonetic extensions, Latin and Greek extended
    ('\u{2000}', '\u{2BFF}'),   // punctuation, super- and subscripts, currency, arrows, mathematics, shapes
    ('\u{2C60}', '\u{2C7F}'),   // Latin extended C
    ('\u{2E00}', '\u{2FDF}'),   // supplemental punctuation, CJK radicals
    ('\u{2FF0}', '\u{312F}'),   // CJK punctuation, kana, bopomofo
    ('\u{3190}', '\u{9FFF}'),   // CJK marks and ideographs, enclosed and compatibility forms
    ('\u{A720}', '\u{A7FF}'),   // Latin extended D
    ('\u{AB30}', '\u{AB6F}'),   // Latin extended E
    ('\u{F900}', '\u{FB06}'),   // compatibility ideographs, Latin ligatures
    ('\u{FE00}', '\u{FE0F}'),   // variation selectors
    ('\u{FE10}', '\u{FE6F}'),   // vertical and small forms
    ('\u{FF00}', '\u{FFFF}'),   // half and full width, specials
    ('\u{1F000}', '\u{1FAFF}'), // emoji and other symbols
    ('\u{20000}', '\u{3FFFF}'), // rarer ideographs
];

/// Indices of the kept pieces, in their old order.
pub(super) fn kept_pieces(source: &Source<'_>) -> Vec<usize> {
    let special = &source.special;
    let fixed = [special.begin, special.end, special.padding, special.unknown, source.pieces.len() - 1];
    (0..source.pieces.len())
        .filter(|index| fixed.contains(index) || str::from_utf8(source.pieces[*index]).is_ok_and(is_kept))
        .collect()
}

fn is_kept(piece: &str) -> bool {
    piece.chars().all(|character| KEPT.iter().any(|(first, last)| (*first..=*last).contains(&character)))
}

#[cfg(test)]
mod tests {
    use super::is_kept;

    #[test]
    fn keeps_the_scripts_of_both_languages_and_drops_others() {
        for kept in ["▁chest", "胸痛", "…", "37.5", "β", "é", "①", "😀", "ｍｇ"] {
            assert!(is_kept(kept), "{kept}");
        }
        for dropped in ["боль", "ألم", "दर्द", "통증", "▁боль"] {
            assert!(!is_kept(dropped), "{dropped}");
        }
    }
}
