//! How figures and lists are written.

use knowledge_graph::{
    Bilingual, Graph, Language,
    format::{Disease, Evidence, Finding, Frequency, PresentsWith, Provenance},
    within_sentence,
};

use super::item::{Choice, both};

/// A probability as whole per cent, never as none or certain: "74%", "<1%".
pub(super) fn percent(probability: f64) -> String {
    let percent = (100.0 * probability).round();
    if percent < 1.0 {
        "<1%".to_owned()
    } else if percent > 99.0 {
        ">99%".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}

/// A ratio with at most `digits` significant digits and no trailing zeros: "3.2", "0.11", "120".
pub(super) fn significant(ratio: f64, digits: usize) -> String {
    if !ratio.is_finite() || ratio <= 0.0 {
        return "0".to_owned();
    }
    // The decimal exponent of what rounding leaves: 0.996 with two digits is 1.0, not 1.00.
    let written = format!("{ratio:.*e}", digits.saturating_sub(1));
    let Some((_, exponent)) = written.split_once('e') else { return written };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let decimals = i32::try_from(digits).unwrap_or(2) - 1 - exponent;
    let rounded: f64 = written.parse().unwrap_or(ratio);
    let text = format!("{rounded:.*}", usize::try_from(decimals).unwrap_or(0));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A disease within a sentence.
pub(super) fn disease(one: &Disease) -> Bilingual {
    both(within_sentence(&one.name.en), one.name.zh.clone())
}

/// A finding within a sentence.
pub(super) fn finding(one: &Finding) -> Bilingual {
    both(within_sentence(&one.name.en), one.name.zh.clone())
}

/// "a, b and c"; 「a、b、c」.
pub(super) fn list(parts: &[Bilingual]) -> Bilingual {
    let zh: Vec<&str> = parts.iter().map(|part| part.zh.as_str()).collect();
    both(joined(parts, "and"), zh.join("、"))
}

/// "a, b or c".
pub(super) fn list_or(parts: &[Bilingual]) -> String {
    joined(parts, "or")
}

fn joined(parts: &[Bilingual], word: &str) -> String {
    let en: Vec<&str> = parts.iter().map(|part| part.en.as_str()).collect();
    match en.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The first letter in capitals, for the start of a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "Klompas M et al., 2002", when there is a source that counts.
pub(super) fn cited(graph: &Graph, provenance: &Provenance) -> Option<Bilingual> {
    let source = provenance.source.as_deref().and_then(|id| graph.source(id));
    let source = source.filter(|_| graph.evidence(provenance) != Evidence::Unverified)?;
    Some(both(source.short_citation(Language::En), source.short_citation(Language::Zh)))
}

/// How often the disease's patients have the finding, "≈" where an author estimated it: "about 40%
/// (≈)" is written "≈40%".
pub(super) fn how_often(edge: &PresentsWith) -> Option<String> {
    let share = edge.frequency.as_ref().and_then(Frequency::proportion)?;
    let sign = if edge.frequency_evidence == Some(Evidence::Unverified) { "≈" } else { "" };
    Some(format!("{sign}{}", percent(share)))
}

/// The explanation with a note on what "≈" means, when it or a reason uses it.
pub(super) fn noted(text: Bilingual, choices: &[Choice]) -> Bilingual {
    if text.en.contains('≈') || choices.iter().any(|choice| choice.why.en.contains('≈')) {
        both(
            format!("{} (≈: rests on a frequency that the entry's author estimated.)", text.en),
            format!("{}（“≈”表示依据条目作者估计的频率。）", text.zh),
        )
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(3.18, 3, "3.18")]
    #[case(0.024_57, 2, "0.025")]
    #[case(0.996, 2, "1")]
    #[case(124.0, 2, "120")]
    #[case(12.0, 3, "12")]
    fn a_ratio_has_no_more_digits_than_it_is_worth(#[case] ratio: f64, #[case] digits: usize, #[case] text: &str) {
        assert_eq!(significant(ratio, digits), text);
    }

    #[rstest]
    #[case(0.0, "<1%")]
    #[case(0.143, "14%")]
    #[case(0.999, ">99%")]
    fn a_probability_is_neither_none_nor_certain(#[case] probability: f64, #[case] text: &str) {
        assert_eq!(percent(probability), text);
    }
}
