//! How a pattern is written, and what it finds.
//!
//! A sentence is looked at with the graph's words masked: `‹3:fd›` is the fourth word, which can
//! be a finding or a disease. In a pattern, `{D}` is one disease, `{DS}` a list of diseases, `{FS}`
//! of findings, `{RS}` of risk factors, `{XS}` of treatments, `{TS}` of tests, `{A}` an amount,
//! `{P}` patients, `{HAD}` how they had something, `{20}` a gap of at most 20 letters without a
//! word of the graph, `{U}` words that the graph may not know.

use regex::Regex;

use super::{LinkKind, amounts};
use crate::{Language, TopicKind};

/// A pattern and what it means.
pub(super) struct Rule {
    pub(super) link: LinkKind,
    pub(super) pattern: &'static str,
}

/// A rule ready for use.
pub(super) struct Compiled {
    pub(super) link: LinkKind,
    pub(super) language: Language,
    pub(super) regex: Regex,
}

/// The letter of a kind in a mask.
pub(super) const fn letter(kind: TopicKind) -> char {
    match kind {
        TopicKind::Disease => 'd',
        TopicKind::Finding => 'f',
        TopicKind::RiskFactor => 'r',
        TopicKind::Test => 't',
        TopicKind::Treatment => 'x',
        _ => '-',
    }
}

/// What may stand between two entries of a list.
const JOINT: &str = r"(?:\s?(?:,|、|/| and\b| or\b| as well as\b|和|及|与|或|以及|伴)[^‹;%\d()]{0,30}(?:\([^()‹]{0,30}\)[^‹;%\d()]{0,10})?)";

const PATIENTS: &str = r"(?:patients|cases|people|adults|children|infants|women|men|subjects|individuals|participants|those|persons|admissions|survivors)";

const HAD: &str = r"(?:had|have|has|presented with|presented|present with|reported|report|complained of|complain of|experienced|experience|showed|show|developed|develop|exhibited|exhibit|demonstrated|described|describe|suffered from|noted|presenting with|manifested|were found to have|also had)";

/// All rules of both languages; one that does not compile is left out, and a test says so.
pub(super) fn compiled() -> Vec<Compiled> {
    let english = super::english::RULES.iter().map(|rule| (rule, Language::En));
    let chinese = super::chinese::RULES.iter().map(|rule| (rule, Language::Zh));
    english.chain(chinese).filter_map(|(rule, language)| compile(rule, language).ok()).collect()
}

/// One rule.
pub(super) fn compile(rule: &Rule, language: Language) -> Result<Compiled, regex::Error> {
    let regex = Regex::new(&format!("(?i){}", expand(rule.pattern)))?;
    Ok(Compiled { link: rule.link, language, regex })
}

fn expand(pattern: &str) -> String {
    let mut text = pattern.to_owned();
    for (name, letters) in [("D", "d"), ("F", "f"), ("R", "r"), ("X", "x"), ("T", "t")] {
        let one = format!(r"‹\d+:[a-z]*{letters}[a-z]*›");
        let any = r"‹\d+:[a-z]+›";
        text = text.replace(&format!("{{{name}S}}"), &format!("(?P<{name}s>{one}(?:{JOINT}{any})*)"));
        text = text.replace(&format!("{{{name}}}"), &format!("(?P<{name}>{one})"));
    }
    text = text.replace("{A}", &format!("(?P<A>{})", *amounts::PATTERN));
    text = text.replace("{P}", PATIENTS).replace("{HAD}", HAD);
    text = text.replace("{U}", r"(?P<U>.+)");
    for length in [10, 20, 30, 40, 60] {
        text = text.replace(&format!("{{{length}}}"), &format!("[^‹;]{{0,{length}}}?"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_compiles() {
        for (rules, language) in
            [(super::super::english::RULES, Language::En), (super::super::chinese::RULES, Language::Zh)]
        {
            for rule in rules {
                if let Err(error) = compile(rule, language) {
                    panic!("{}: {error}", rule.pattern);
                }
            }
        }
    }
}
