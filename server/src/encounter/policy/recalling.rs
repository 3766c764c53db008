//! What a patient remembers at the words of a question that names no topic anybody knows: "did you
//! wear a mask when you cut the stone?" reminds a stonemason of the dust.

use std::collections::BTreeSet;

use cases::format::Fact;
use knowledge_graph::Language;

use super::{ASKED_THRESHOLD, Heard};
use crate::{
    encounter::{
        knowledge::Knowledge,
        question::{Form, form},
        state::State,
    },
    understanding::{Clause, DialogueAct, MatchMethod, TopicHit},
};

/// Probability given to a topic that only the patient's own words name.
const SCORE_RECALLED: f64 = 0.55;
/// What a word counts that names the topic of a fact, and one that only stands in its sentence.
const OF_THE_TOPIC: f64 = 1.0;
const OF_THE_SENTENCE: f64 = 0.6;
/// A word in the sentences of more facts than this says nothing.
const MOST_FACTS: usize = 2;
/// From here the fact is what was asked for.
const ENOUGH: f64 = 1.0;

/// The topics of the facts whose words `clause` uses, where understanding named nothing in it.
pub(super) fn recalled(knowledge: &Knowledge<'_>, state: &State, heard: &Heard<'_>) -> Vec<TopicHit> {
    let lost = heard.said.clauses.iter().filter(|clause| is_lost(knowledge, state, heard, clause));
    lost.flat_map(|clause| {
        let words = heard.text.get(clause.span.clone()).unwrap_or_default();
        let found = reminded(knowledge, &tokens(words, heard.language), heard.language);
        found.into_iter().map(|fact| TopicHit {
            topic: fact.topic.clone(),
            score: SCORE_RECALLED,
            quote: clause.span.clone(),
            method: MatchMethod::Embedding,
        })
    })
    .collect()
}

/// Whether a clause asks, and what was understood of it leads to nothing that has not been said.
fn is_lost(knowledge: &Knowledge<'_>, state: &State, heard: &Heard<'_>, clause: &Clause) -> bool {
    let asks = matches!(clause.act, DialogueAct::Specific | DialogueAct::OffTopic);
    let words = heard.clause_around(clause.span.start);
    let tells_nothing = |hit: &TopicHit| {
        let vague = hit.method != MatchMethod::Lexicon;
        let facts = knowledge.answering(&hit.topic);
        let told = |fact: &&Fact| state.told.contains(&fact.id);
        let known = hit.topic.facet().is_none() && facts.iter().all(told);
        hit.score < ASKED_THRESHOLD || vague && (facts.is_empty() || known)
    };
    asks && form(words, heard.language) != Form::Statement && clause.topics.iter().all(tells_nothing)
}

/// The fact that shares most with `words`; none where that is little or two share as much.
fn reminded<'k>(knowledge: &'k Knowledge<'_>, words: &BTreeSet<String>, language: Language) -> Option<&'k Fact> {
    let known: Vec<(&Fact, BTreeSet<String>, BTreeSet<String>)> = knowledge
        .facts()
        .iter()
        .filter(|fact| !fact.id.starts_with("identity-"))
        .map(|fact| (fact, tokens(&knowledge.names(&fact.topic, language), language), of_sentence(fact, language)))
        .collect();
    let rare = |word: &String| {
        known.iter().filter(|(_, topic, sentence)| topic.contains(word) || sentence.contains(word)).count()
            <= MOST_FACTS
    };
    let telling: Vec<&String> = words.iter().filter(|word| rare(word)).collect();
    let weigh = |topic: &BTreeSet<String>, sentence: &BTreeSet<String>| -> f64 {
        let weight = |word: &&String| match (topic.contains(*word), sentence.contains(*word)) {
            (true, _) => OF_THE_TOPIC,
            (false, true) => OF_THE_SENTENCE,
            (false, false) => 0.0,
        };
        telling.iter().map(weight).sum()
    };
    let weighed: Vec<(f64, &Fact)> =
        known.iter().map(|(fact, topic, sentence)| (weigh(topic, sentence), *fact)).collect();
    let most = weighed.iter().map(|(weight, _)| *weight).fold(ENOUGH, f64::max);
    let mut best = weighed.iter().filter(|(weight, _)| *weight >= most).map(|(_, fact)| *fact);
    // Two facts that share as much leave open which of them was meant.
    match (best.next(), best.next()) {
        (Some(fact), None) => Some(fact),
        _ => None,
    }
}

fn of_sentence(fact: &Fact, language: Language) -> BTreeSet<String> {
    let brief = fact.brief.as_ref().map_or("", |brief| brief.get(language));
    tokens(&format!("{} {brief} {}", fact.tells.get(language), fact.variants.get(language).join(" ")), language)
}

/// The words of `text` that carry meaning: stems in English, pairs of characters in Chinese.
fn tokens(text: &str, language: Language) -> BTreeSet<String> {
    match language {
        Language::En => {
            let lower = text.to_lowercase().replace('’', "'");
            let words = lower.split(|c: char| !(c.is_alphabetic() || c == '\''));
            words.filter(|word| word.len() > 2 && !EMPTY_EN.contains(word)).map(stem).collect()
        }
        Language::Zh => {
            let runs = text.split(|c: char| !('\u{4e00}'..='\u{9fff}').contains(&c) || EMPTY_ZH.contains(c));
            let pairs = |run: &str| -> Vec<String> {
                let characters: Vec<char> = run.chars().collect();
                characters.windows(2).map(|pair| pair.iter().collect()).collect()
            };
            runs.flat_map(pairs).collect()
        }
    }
}

fn stem(word: &str) -> String {
    let endings = ["ing", "ies", "ed", "es", "s", "y", "e"];
    let stem = endings.iter().find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() > 2));
    stem.unwrap_or(word).to_owned()
}

/// Words that stand in any question.
const EMPTY_EN: [&str; 271] = [
    "able",
    "about",
    "after",
    "again",
    "ago",
    "all",
    "also",
    "always",
    "and",
    "another",
    "any",
    "anyone",
    "anything",
    "anywhere",
    "are",
    "around",
    "ask",
    "asked",
    "away",
    "back",
    "bad",
    "because",
    "been",
    "before",
    "began",
    "begin",
    "being",
    "better",
    "big",
    "bit",
    "both",
    "bother",
    "bring",
    "brings",
    "brought",
    "but",
    "call",
    "called",
    "calls",
    "came",
    "can",
    "change",
    "changed",
    "changes",
    "close",
    "come",
    "comes",
    "could",
    "day",
    "days",
    "did",
    "doctor",
    "does",
    "don't",
    "down",
    "each",
    "else",
    "enough",
    "even",
    "ever",
    "every",
    "everything",
    "feel",
    "feeling",
    "feels",
    "felt",
    "find",
    "first",
    "for",
    "found",
    "from",
    "get",
    "gets",
    "getting",
    "give",
    "given",
    "gives",
    "going",
    "good",
    "got",
    "had",
    "happen",
    "happened",
    "happening",
    "happens",
    "has",
    "have",
    "hello",
    "help",
    "helps",
    "here",
    "high",
    "hold",
    "holds",
    "how",
    "into",
    "just",
    "keep",
    "keeps",
    "kept",
    "kind",
    "know",
    "knows",
    "last",
    "let",
    "lets",
    "like",
    "live",
    "lives",
    "long",
    "look",
    "looked",
    "looks",
    "lot",
    "lots",
    "low",
    "lying",
    "made",
    "make",
    "manage",
    "managing",
    "many",
    "may",
    "maybe",
    "might",
    "month",
    "months",
    "more",
    "morning",
    "most",
    "much",
    "name",
    "need",
    "needs",
    "never",
    "new",
    "next",
    "normally",
    "not",
    "nothing",
    "notice",
    "noticed",
    "now",
    "off",
    "often",
    "okay",
    "old",
    "one",
    "only",
    "open",
    "other",
    "out",
    "over",
    "part",
    "people",
    "perhaps",
    "place",
    "please",
    "point",
    "points",
    "position",
    "problem",
    "problems",
    "put",
    "question",
    "questions",
    "quite",
    "really",
    "right",
    "run",
    "runs",
    "say",
    "see",
    "seen",
    "set",
    "sets",
    "short",
    "should",
    "show",
    "side",
    "sides",
    "since",
    "sit",
    "small",
    "some",
    "somebody",
    "something",
    "sometimes",
    "sorry",
    "sort",
    "standing",
    "start",
    "started",
    "still",
    "stop",
    "stopped",
    "student",
    "sure",
    "take",
    "taken",
    "tell",
    "than",
    "thank",
    "thanks",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "thing",
    "things",
    "think",
    "this",
    "those",
    "thought",
    "three",
    "through",
    "time",
    "times",
    "today",
    "told",
    "too",
    "tried",
    "trouble",
    "try",
    "turn",
    "turns",
    "two",
    "type",
    "until",
    "use",
    "used",
    "using",
    "usually",
    "very",
    "want",
    "wants",
    "was",
    "way",
    "ways",
    "week",
    "weeks",
    "well",
    "were",
    "what",
    "when",
    "where",
    "whereabouts",
    "which",
    "who",
    "whole",
    "why",
    "will",
    "with",
    "word",
    "words",
    "work",
    "works",
    "worse",
    "would",
    "year",
    "years",
    "yesterday",
    "yet",
    "you",
    "young",
    "your",
    "yours",
];
/// Characters that stand in any question or sentence.
const EMPTY_ZH: &str = "人家用吃做出起开手样事情况方面东西原因毛病什的了吗呢吧啊呀嘛么什怎哪谁几多少您你我他她它们这那是有没不无也都就还又很太和跟与在到过着把被给让会能要想去来个次点些一二两三四五六七八九十最再现刚前后时候天年月日早晚上下里外大小好得地说问看觉";

#[cfg(test)]
mod tests {
    use knowledge_graph::Graph;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::the_words_of_a_fact("coughing-blood-ma-57", "Did you wear a mask when you were cutting stone?", &["dust"])]
    #[case::nothing_of_the_kind("coughing-blood-ma-57", "Do you have a garden?", &[])]
    fn the_words_of_a_question_remind_of_a_fact(#[case] id: &str, #[case] said: &str, #[case] expected: &[&str]) {
        let library = cases::library().unwrap();
        let case = library.iter().find(|case| case.id == id).unwrap();
        let knowledge = Knowledge::new(case, Graph::embedded().unwrap());

        let found = reminded(&knowledge, &tokens(said, Language::En), Language::En);

        assert_eq!(found.into_iter().map(|fact| fact.id.as_str()).collect::<Vec<_>>(), expected);
    }
}
