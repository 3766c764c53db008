//! One line of a differential as students write it: "r/o ACS", "?PE", "MI or PE", "考虑心梗，肺栓塞待排".

use knowledge_graph::{DiseaseMatch, Graph, Language, TopicKind, format::Disease, query::Sex};

use super::{
    elicited::{language_of, mentions},
    entries::Understood,
};

/// From this score on a text is a disease's name, synonym or lay word.
const NAME: f64 = 0.94;
/// From this score on a text means a disease, with a slip or among other words; the same that
/// decides [`super::super::Verdict`].
const LIKELY: f64 = 0.75;
/// Two diseases nearer in score than this are equally meant.
const MARGIN: f64 = 0.02;
/// Diseases offered for a text that may mean several.
const PERHAPS: usize = 3;
/// Least share of a disease's patients of one sex for the text to be able to mean it in this one.
const OF_SEX: f64 = 0.005;
/// Share of a text's letters that a symptom's name must have for the text to be that symptom.
const MOST_OF_IT: f64 = 0.75;

/// The slash of "r/o" while a line is split at slashes.
const JOINED: &str = "r\u{2044}o";
/// What stands before a diagnosis that is considered and not yet made.
const BEFORE: [&str; 34] = [
    JOINED,
    "to rule out",
    "rule out",
    "to exclude",
    "exclude",
    "query",
    "suspected",
    "suspect",
    "suspicion of",
    "consider",
    "considering",
    "possible",
    "possibly",
    "probable",
    "probably",
    "likely",
    "most likely",
    "maybe",
    "ddx",
    "dx",
    "首先考虑",
    "考虑",
    "疑似",
    "怀疑",
    "可疑",
    "待排",
    "排除",
    "除外",
    "鉴别",
    "不排除",
    "不除外",
    "警惕",
    "可能是",
    "可能",
];
/// What stands after it.
const AFTER: [&str; 13] = [
    "to be excluded",
    "to exclude",
    "to rule out",
    "not excluded",
    "likely",
    "possible",
    "suspected",
    "待排除",
    "待排",
    "待除外",
    "待查",
    "可能性大",
    "可能",
];
/// What stands between several.
const BETWEEN: [char; 13] = [',', ';', '/', '\n', '+', '&', '|', '，', '、', '；', '。', '或', '及'];
const BETWEEN_WORDS: [&str; 5] = [" or ", " vs. ", " vs ", " versus ", " and "];

/// One disease of a line, as it was understood.
pub(super) struct Read<'a> {
    /// The student's words.
    pub(super) words: String,
    pub(super) understood: Understood,
    /// The disease meant; where it is not clear, those that may be.
    pub(super) diseases: Vec<&'a Disease>,
}

impl<'a> Read<'a> {
    /// The disease, where it is clear.
    pub(super) fn disease(&self) -> Option<&'a Disease> {
        self.diseases.first().copied().filter(|_| matches!(self.understood, Understood::Named | Understood::Likely))
    }
}

/// What a line names, in its order: one or several diseases, and the parts that name none. A line
/// of which no part is clear stays whole, and so does one of which all parts mean the same.
pub(super) fn read<'a>(graph: &'a Graph, sex: Sex, text: &str, language: Language) -> Vec<Read<'a>> {
    let whole = one(graph, sex, text, language);
    if whole.understood == Understood::Named {
        return vec![whole];
    }
    let joined = text.replace("r/o", JOINED).replace("R/O", JOINED);
    let parts: Vec<Read<'a>> =
        parts(&joined).map(|part| one(graph, sex, &part.replace(JOINED, "r/o"), language)).collect();
    let clear: Vec<&str> = parts.iter().filter_map(Read::disease).map(|disease| disease.id.as_str()).collect();
    match clear.first() {
        None => vec![whole],
        Some(first) if clear.len() == parts.len() && clear.iter().all(|id| id == first) => {
            let words = text.to_owned();
            parts.into_iter().next().map(|part| Read { words, ..part }).into_iter().collect()
        }
        Some(_) => parts,
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut parts: Vec<&str> = text.split(BETWEEN).collect();
    for word in BETWEEN_WORDS {
        parts = parts.into_iter().flat_map(|part| part.split(word)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty())
}

/// The diagnosis without its place in a list and without words that say how sure the student is.
pub(in super::super) fn bare(text: &str) -> &str {
    let marks = |c: char| c.is_whitespace() || "?？.:：-–•()（）".contains(c);
    let mut text = text.trim_matches(marks).trim_start_matches(|c: char| c.is_ascii_digit() || marks(c));
    if text.is_empty() {
        return text;
    }
    loop {
        let before = BEFORE.iter().find_map(|word| without_start(text, &word.replace(JOINED, "r/o")));
        let after = || AFTER.iter().find_map(|word| without_end(text, word));
        match before.or_else(after).map(|rest| rest.trim_matches(marks)).filter(|rest| !rest.is_empty()) {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

fn without_start<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = (text.get(..word.len())?, text.get(word.len()..)?);
    let ends = !word.is_ascii() || rest.starts_with(|c: char| !c.is_alphanumeric() || !c.is_ascii());
    (ends && start.eq_ignore_ascii_case(word)).then_some(rest)
}

fn without_end<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let at = text.len().checked_sub(word.len())?;
    let (rest, end) = (text.get(..at)?, text.get(at..)?);
    let starts = !word.is_ascii() || rest.ends_with(|c: char| !c.is_alphanumeric() || !c.is_ascii());
    (starts && end.eq_ignore_ascii_case(word)).then_some(rest)
}

fn one<'a>(graph: &'a Graph, sex: Sex, text: &str, language: Language) -> Read<'a> {
    let named = bare(text);
    let mut found: Vec<DiseaseMatch<'a>> = graph.disease_by_text(named, language);
    found.retain(|found| share_of(sex, found.disease) >= OF_SEX);
    found.truncate(PERHAPS);
    let rival = |best: f64| found.get(1).is_some_and(|second| best - second.score < MARGIN && second.score >= LIKELY);
    let understood = match found.first().map(|best| best.score) {
        Some(score) if score >= LIKELY && rival(score) => Understood::Ambiguous,
        Some(score) if score >= NAME => Understood::Named,
        Some(score) if score >= LIKELY => Understood::Likely,
        unlike => match (is_symptom(graph, named), unlike) {
            (true, _) => Understood::Symptom,
            (false, Some(_)) => Understood::Ambiguous,
            (false, None) => Understood::Unknown,
        },
    };
    if understood == Understood::Symptom {
        found.clear();
    }
    Read { words: text.trim().to_owned(), understood, diseases: found.into_iter().map(|found| found.disease).collect() }
}

/// "PE" is no pre-eclampsia in a man.
fn share_of(sex: Sex, disease: &Disease) -> f64 {
    match sex {
        Sex::Female => disease.epidemiology.female,
        Sex::Male => 1.0 - disease.epidemiology.female,
    }
}

/// A text that is mostly the name of a finding is that; a mere mention ("结节" of "结节病") makes
/// none of it.
fn is_symptom(graph: &Graph, text: &str) -> bool {
    let mentions = mentions(graph);
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    [language_of(text), Language::En].iter().any(|language| {
        let found = mentions.in_text(text, *language);
        let findings = found.iter().filter(|mention| mention.topic.kind() == TopicKind::Finding);
        findings.map(|mention| letters(&mention.phrase)).sum::<f64>() >= MOST_OF_IT * letters(text).max(1.0)
    })
}
