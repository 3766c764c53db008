//! Sensitivity, specificity, likelihood ratios, odds ratios and relative risks, each with the word
//! it belongs to.

use std::sync::LazyLock;

use regex::Regex;

use super::amounts::{NUMBER, PERCENT, share};

/// A kind of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Measure {
    Sensitivity,
    Specificity,
    LrPositive,
    LrNegative,
    /// Odds ratio or relative risk.
    Strength,
    /// A likelihood ratio that does not say of what: of presence, unless absence is spoken of.
    LrPlain,
    /// Hazard ratio: the graph has no place for it.
    Hazard,
}

/// A number with its measure and where its words begin and end in the masked sentence.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub(super) measure: Measure,
    pub(super) value: f64,
    pub(super) start: usize,
    pub(super) end: usize,
}

struct Pattern {
    regex: Regex,
    measures: &'static [Measure],
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    use Measure::{Hazard, LrNegative, LrPlain, LrPositive, Sensitivity, Specificity, Strength};
    // Words may stand between the measure and its number, its own finding among them.
    let gap = r"\s?[,:=]?\s?(?:[^‹;,\d]|‹\d+:[a-z]+›){0,60}?";
    let near = r"[^‹;\d]{0,25}?";
    let both = format!(r"({NUMBER})(?:{PERCENT})?{near}(?:and|and of|/|和|与|、|,)\s?{near}({NUMBER})(?:{PERCENT})?");
    let one = format!(r"({NUMBER})(?:{PERCENT})?");
    let lr_positive = r"(?:positive likelihood ratio|likelihood ratio positive|positive lr|lr ?\(?\+\)?|\+ ?lr|lr ?positive|plr|likelihood ratio for (?:a )?positive|阳性似然比)s?";
    let lr_negative = r"(?:negative likelihood ratio|likelihood ratio negative|negative lr|lr ?\(?-\)?|- ?lr|lr ?negative|nlr|likelihood ratio for (?:a )?negative|阴性似然比)s?";
    let table: [(String, &'static [Measure]); 14] = [
        (format!(r"sensitivity(?: and |/)specificity{gap}{both}"), &[Sensitivity, Specificity]),
        (format!(r"(?:敏感[度性]|灵敏度)(?:和|与|及|、)特异[度性]{gap}{both}"), &[Sensitivity, Specificity]),
        (format!(r"positive and negative likelihood ratios?{gap}{both}"), &[LrPositive, LrNegative]),
        (format!(r"阳性(?:似然比)?(?:和|与|及|、)阴性似然比{gap}{both}"), &[LrPositive, LrNegative]),
        (format!(r"(?:sensitivity|敏感[度性]|灵敏度)\)?{gap}{one}"), &[Sensitivity]),
        (format!(r"(?:specificity|特异[度性])\)?{gap}{one}"), &[Specificity]),
        (format!(r"({NUMBER}){PERCENT} sensitive"), &[Sensitivity]),
        (format!(r"({NUMBER}){PERCENT} specific"), &[Specificity]),
        (format!(r"{lr_positive}{gap}({NUMBER})"), &[LrPositive]),
        (format!(r"{lr_negative}{gap}({NUMBER})"), &[LrNegative]),
        (format!(r"(?:\blikelihood ratios?|(?-i:\bLRs?\b)|似然比)\)?(?: ?[(\[]lr[)\]])?{gap}({NUMBER})"), &[LrPlain]),
        (
            format!(
                r"(?:\bodds ratios?|(?-i:\ba?OR\b)|\brelative risks?|\brisk ratios?|(?-i:\ba?RR\b)|比值比|优势比|相对危险度|相对风险|(?-i:[OR]R)值?)\)?(?: ?\(a?[or]r\))?{gap}({NUMBER})"
            ),
            &[Strength],
        ),
        (format!(r"(?:\bhazard ratios?|(?-i:\ba?HR\b)|风险比|(?-i:HR)值)\)?(?: ?\(a?hr\))?{gap}({NUMBER})"), &[Hazard]),
        (format!(r"(?:发病|发生|患病)?风险(?:是|为)[^‹;\d]{{0,12}}的?({NUMBER})倍"), &[Strength]),
    ];
    table
        .into_iter()
        .filter_map(|(pattern, measures)| {
            Regex::new(&format!("(?i){pattern}")).ok().map(|regex| Pattern { regex, measures })
        })
        .collect()
});

/// Every measure in a masked sentence, in order; no number is read twice.
pub(super) fn measures(masked: &str) -> Vec<Measured> {
    let mut found: Vec<(Measured, usize)> = Vec::new();
    for pattern in PATTERNS.iter() {
        for captures in pattern.regex.captures_iter(masked) {
            let start = captures.get(0).map_or(0, |whole| whole.start());
            for (index, measure) in pattern.measures.iter().enumerate() {
                let Some(number) = captures.get(index + 1) else { continue };
                let taken = found.iter().any(|(_, at)| *at == number.start());
                let percent = masked[number.end()..].trim_start().starts_with(['%', '‰']);
                let Some(value) = value(*measure, number.as_str(), percent) else { continue };
                if !taken {
                    found.push((Measured { measure: *measure, value, start, end: number.end() }, number.start()));
                }
            }
        }
    }
    found.sort_by_key(|(_, at)| *at);
    found.into_iter().map(|(measured, _)| measured).collect()
}

/// A share from a percentage or a proportion; a ratio as it is, above 0.
fn value(measure: Measure, number: &str, percent: bool) -> Option<f64> {
    let number: f64 = number.parse().ok()?;
    match measure {
        Measure::Sensitivity | Measure::Specificity => {
            let value = if percent || number > 1.0 { share(number) } else { number };
            (value <= 1.0).then_some(value)
        }
        _ => (!percent && number > 0.0).then_some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::{Measure, PATTERNS, measures};

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), 14);
    }

    #[test]
    fn measures_are_read_with_their_numbers() {
        let read = |text: &str| measures(text).into_iter().map(|one| (one.measure, one.value)).collect::<Vec<_>>();

        assert_eq!(
            read("sensitivity 67%, specificity 91%"),
            [(Measure::Sensitivity, 0.67), (Measure::Specificity, 0.91)]
        );
        assert_eq!(
            read("the sensitivity and specificity of ‹0:f› were 0.67 and 0.91"),
            [(Measure::Sensitivity, 0.67), (Measure::Specificity, 0.91)]
        );
        assert_eq!(read("lr+ 4.2 and lr- 0.3"), [(Measure::LrPositive, 4.2), (Measure::LrNegative, 0.3)]);
        assert_eq!(
            read("敏感度为67%,特异度为91%,阳性似然比7.4"),
            [(Measure::Sensitivity, 0.67), (Measure::Specificity, 0.91), (Measure::LrPositive, 7.4)]
        );
        assert_eq!(read("odds ratio 2.3"), [(Measure::Strength, 2.3)]);
    }
}
