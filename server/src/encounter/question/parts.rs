//! How many things one utterance asks: "Does it sting, and are you going more?" asks two.

use knowledge_graph::Language;

use super::{Form, form, is_verb_not_verb};

/// Words with which a question of its own begins.
const STARTS: [&str; 43] = [
    "what",
    "what's",
    "how",
    "how's",
    "where",
    "which",
    "who",
    "who's",
    "when",
    "why",
    "whose",
    "is",
    "isn't",
    "are",
    "aren't",
    "was",
    "wasn't",
    "were",
    "did",
    "didn't",
    "do",
    "don't",
    "does",
    "doesn't",
    "has",
    "hasn't",
    "have",
    "haven't",
    "had",
    "can",
    "could",
    "would",
    "will",
    "any",
    "anything",
    "anyone",
    "anybody",
    "ever",
    "if",
    "whether",
    "whereabouts",
    "am",
    "should",
];
const JOINS: [&str; 3] = ["and", "or", "but"];
/// What may stand before the first word of a question.
const FILLERS: [&str; 10] = ["and", "or", "but", "so", "well", "um", "er", "okay", "ok", "right"];
/// A Chinese stretch that ends so asks.
const ENDS_ZH: [&str; 8] = ["没", "不", "呢", "嘛", "嗦", "谁", "没有", "没得"];

/// How many questions `said` puts, at least one.
pub fn parts(said: &str, language: Language) -> usize {
    let count = match language {
        Language::En => sentences(said).map(|(sentence, asks)| parts_en(sentence, asks)).sum(),
        Language::Zh => said.split(['，', '。', '？', '！', '；', ',', '?', '!']).filter(|part| asks_zh(part)).count(),
    };
    count.max(1)
}

/// The sentences of `said`, and whether each ends as a question or is all there is.
fn sentences(said: &str) -> impl Iterator<Item = (&str, bool)> {
    let alone = !said.trim_end_matches(['?', '.', '!', ';']).contains(['?', '.', '!', ';']);
    said.split_inclusive(['?', '.', '!', ';']).map(move |sentence| (sentence, alone || sentence.ends_with('?')))
}

/// A question of its own begins after ", and" and where a word that begins questions follows a comma or a joining word.
fn parts_en(sentence: &str, asks: bool) -> usize {
    let lower = sentence.to_lowercase().replace('’', "'");
    let words: Vec<&str> = lower.split_whitespace().collect();
    let bare = |at: usize| words[at].trim_matches(|c: char| !c.is_alphanumeric());
    let starts = |at: usize| STARTS.contains(&bare(at));
    let joins = |at: usize| JOINS.contains(&bare(at));
    let begins = |at: usize| {
        let comma = words[at - 1].ends_with(',');
        comma && starts(at)
            || joins(at - 1) && starts(at)
            || at > 1 && bare(at - 1) == "and" && words[at - 2].ends_with(',')
    };
    let mut pieces: Vec<Vec<usize>> = vec![Vec::new()];
    for at in 0..words.len() {
        if at > 0 && begins(at) {
            pieces.push(Vec::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(at);
        }
    }
    let last = pieces.len() - 1;
    let counts = |place: usize, piece: &[usize]| {
        let own =
            if place < last && piece.last().is_some_and(|at| joins(*at)) { &piece[..piece.len() - 1] } else { piece };
        let first = own.iter().find(|at| !FILLERS.contains(&bare(**at)));
        // What stands first may only lead up to the question.
        let leads_up = place == 0 && last > 0 && !own.iter().any(|at| starts(*at));
        own.len() > 1 && !leads_up && (asks || first.is_some_and(|at| starts(*at)))
    };
    pieces.iter().enumerate().filter(|(place, piece)| counts(*place, piece)).count()
}

fn asks_zh(part: &str) -> bool {
    let part = part.trim();
    part.chars().count() > 1
        && (form(part, Language::Zh) != Form::Statement
            || ENDS_ZH.iter().any(|end| part.ends_with(end))
            || is_verb_not_verb(part))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Does it sting, and are you going more?", 2)]
    #[case("Sharp, dull, crampy? Out of ten?", 2)]
    #[case("What brings one on and what shifts it?", 2)]
    #[case("How long are you on that, and has the chest been any different since?", 2)]
    #[case("Any nausea or vomiting?", 1)]
    #[case("Gosh, that sounds horrible. What would you give it out of ten?", 1)]
    #[case("Right, tell me about the bakery, what is it you do there?", 1)]
    #[case("Cough", 1)]
    #[case("咳的时候有东西出来吗，东西是什么颜色？", 2)]
    #[case("脚上有口子没得，踢到过啥子没有？", 2)]
    #[case("有没有发烧、呕吐？", 1)]
    #[case("您真是受罪了，疼了多久？", 1)]
    fn each_thing_asked_counts_once(#[case] said: &str, #[case] expected: usize) {
        let language = if said.is_ascii() { Language::En } else { Language::Zh };

        assert_eq!(parts(said, language), expected);
    }
}
