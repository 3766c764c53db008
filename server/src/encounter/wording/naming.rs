//! What a patient calls a symptom they deny: "No dizziness that I've noticed."

use knowledge_graph::{Language, TopicInfo};

/// The lay word for it, where there is a noun.
pub(super) fn noun(info: &TopicInfo, language: Language) -> Option<String> {
    match language {
        Language::En => {
            let (first, rest) = info.lay.en.split_first()?;
            if is_noun(first) { Some(first.clone()) } else { rest.iter().find(|words| ends_as_noun(words)).cloned() }
        }
        // 出不出汗 is a question, not a word for it.
        Language::Zh => {
            let word = info.lay.zh.iter().find(|word| !word.contains('不'));
            Some(word.unwrap_or(&info.name.zh).clone())
        }
    }
}

/// Whether one can say "no …" of it, judged by how it begins: "dizziness", not "dizzy" or "can't find words".
fn is_noun(words: &str) -> bool {
    /// What begins so describes or tells.
    const OTHERS: [&str; 68] = [
        "always",
        "anxious",
        "any",
        "are",
        "asks",
        "better",
        "bit",
        "breathless",
        "bruise",
        "can't",
        "confused",
        "creaky",
        "craving",
        "depressed",
        "desperate",
        "dizzy",
        "don't",
        "down",
        "exhausted",
        "fainted",
        "feel",
        "feeling",
        "fingers",
        "forgetful",
        "full",
        "get",
        "gets",
        "getting",
        "giddy",
        "going",
        "had",
        "has",
        "have",
        "hoarse",
        "is",
        "irritable",
        "jaw",
        "keyed",
        "knee",
        "light",
        "losing",
        "lost",
        "my",
        "never",
        "noise",
        "not",
        "numb",
        "pale",
        "passed",
        "pressure",
        "pulls",
        "restless",
        "room",
        "saliva",
        "seeing",
        "sleepy",
        "slowed",
        "still",
        "stops",
        "suddenly",
        "sun",
        "tense",
        "times",
        "tired",
        "took",
        "unsteady",
        "unwell",
        "worry",
    ];
    const WITHIN: [&str; 7] = ["very", "wake", "worn", "weaker", "worse", "stiff in", "no "];
    let first = words.split([' ', '-']).next().unwrap_or_default();
    !OTHERS.contains(&first) && !WITHIN.iter().any(|start| words.starts_with(start))
}

/// The same for certain, by how it ends: "tiredness", "poor sleep".
fn ends_as_noun(words: &str) -> bool {
    const ENDS: [&str; 11] =
        ["ness", "ache", "aches", "pain", "stools", "sleep", "problems", "breathing", "bruises", "nose", "voice"];
    let last = words.rsplit(' ').next().unwrap_or_default();
    is_noun(words) && ENDS.iter().any(|end| last.ends_with(end))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("finding:dizziness", Some("dizziness"))]
    #[case("finding:fatigue", Some("tiredness"))]
    #[case("finding:aphasia", None)]
    #[case("finding:fever", Some("fever"))]
    fn what_is_denied_is_a_noun(#[case] topic: &str, #[case] expected: Option<&str>) {
        let graph = knowledge_graph::Graph::embedded().unwrap();
        let info = graph.topic(&topic.parse().unwrap()).unwrap();

        assert_eq!(noun(&info, Language::En).as_deref(), expected);
    }
}
