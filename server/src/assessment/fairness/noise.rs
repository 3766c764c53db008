//! What recorders and keyboards do to words of either language.

/// Sentences with their closing marks and the space after them.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '?', '!', '。', '？', '！']).collect()
}

/// No punctuation and no capitals. An apostrophe belongs to its word.
pub(super) fn transcribed(text: &str) -> String {
    let kept: String = text
        .to_lowercase()
        .chars()
        .filter_map(|c| if c.is_alphanumeric() || c == '\'' { Some(c) } else { c.is_ascii().then_some(' ') })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters, digits and marks as wide as Chinese characters.
pub(super) fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(wide).collect()
}

/// Chinese punctuation as an English keyboard has it.
pub(super) fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '，' | '、' => ',',
        '。' => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(narrow).collect()
}
