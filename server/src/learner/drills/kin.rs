//! What must not stand beside each other in one item: synonyms, the narrower and the broader, a
//! disease and its complication; and names that give an answer away.

use knowledge_graph::{
    Bilingual, Graph, TopicId, TopicKind,
    format::{Disease, Finding},
    is_han,
};

/// Words that many names share and that give nothing away.
const COMMON_EN: [&str; 18] = [
    "acute",
    "chronic",
    "disease",
    "disorder",
    "syndrome",
    "pain",
    "primary",
    "secondary",
    "infection",
    "left",
    "right",
    "lower",
    "upper",
    "with",
    "type",
    "other",
    "raised",
    "loss",
];
/// The same in Chinese, taken out before names are compared.
const COMMON_ZH: [&str; 10] = ["急性", "慢性", "疾病", "综合征", "原发性", "继发性", "感染", "障碍", "疼痛", "发作"];

/// Whether two diseases cannot both be options: one leads to, comes with or is named like the other.
pub(super) fn related(a: &Disease, b: &Disease) -> bool {
    let leads = |from: &Disease, to: &Disease| {
        from.complication.iter().any(|edge| edge.disease.as_deref() == Some(&to.id))
            || from.comorbidity.iter().any(|edge| edge.disease == to.id)
    };
    a.id == b.id || leads(a, b) || leads(b, a) || names(a).iter().any(|name| hints(name, b))
}

/// The names and synonyms of a disease, as pairs where there are pairs.
fn names(disease: &Disease) -> Vec<Bilingual> {
    let empty = String::new();
    let count = disease.synonyms.en.len().max(disease.synonyms.zh.len());
    let synonyms = (0..count).map(|at| Bilingual {
        en: disease.synonyms.en.get(at).unwrap_or(&empty).clone(),
        zh: disease.synonyms.zh.get(at).unwrap_or(&empty).clone(),
    });
    std::iter::once(disease.name.clone()).chain(synonyms).collect()
}

/// Whether `text` shares a telling word with a name of `disease`, in either language.
pub(super) fn hints(text: &Bilingual, disease: &Disease) -> bool {
    names(disease).iter().any(|name| shares(text, name))
}

/// Whether two texts share a telling word in either language.
pub(super) fn shares(a: &Bilingual, b: &Bilingual) -> bool {
    shares_english(&a.en, &b.en) || shares_chinese(&a.zh, &b.zh)
}

/// Words of four letters or more with the same five letters at the start (all, when shorter).
fn shares_english(a: &str, b: &str) -> bool {
    let stems = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.len() >= 4 && !COMMON_EN.contains(word))
            .map(|word| word.chars().take(5).collect())
            .collect()
    };
    let other = stems(b);
    stems(a).iter().any(|stem| other.contains(stem))
}

/// Two characters in a row.
fn shares_chinese(a: &str, b: &str) -> bool {
    let bare = |text: &str| COMMON_ZH.iter().fold(text.to_owned(), |text, common| text.replace(common, "|"));
    let (a, b): (Vec<char>, Vec<char>) = (bare(a).chars().collect(), bare(b).chars().collect());
    a.windows(2).any(|pair| pair.iter().all(|c| is_han(*c)) && b.windows(2).any(|other| other == pair))
}

/// Whether two findings cannot both be options: one is the other or narrower, both are forms of one,
/// or they are named alike.
pub(super) fn alike(graph: &Graph, a: &Finding, b: &Finding) -> bool {
    let (one, other) = (topic(a), topic(b));
    let siblings = a.parent.is_some() && a.parent == b.parent;
    siblings || graph.is_a(&one, &other) || graph.is_a(&other, &one) || shares(&a.name, &b.name)
}

/// The finding as a topic.
pub(super) fn topic(finding: &Finding) -> TopicId {
    TopicId::new(TopicKind::Finding, &finding.id)
}
