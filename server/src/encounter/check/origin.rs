//! Where a sentence's words come from: every word that carries meaning must stand in the facts.
//!
//! A small model that is told not to add still adds ("I live *alone* with my husband"), bends
//! ("I *have* asthma as a child") and leaves out. Lists of forbidden words never end; so the rule is
//! the other way round. What may be new is a short list of words that carry no claim.

use knowledge_graph::Language;

/// Words that claim nothing: articles, pronouns, plain joints and fillers. No auxiliary verb, no
/// negation, no word of degree, cause or time is here: those change what is said.
const FREE_EN: [&str; 50] = [
    "a", "an", "the", "and", "but", "also", "too", "i", "me", "my", "mine", "it", "its", "that", "this", "there",
    "they", "them", "of", "in", "on", "at", "to", "with", "for", "from", "well", "oh", "um", "er", "erm", "doctor",
    "honestly", "actually", "about", "around", "roughly", "see", "know", "as", "some", "any", "is", "'s", "s", "he",
    "she", "his", "her", "then",
];

/// Ways to say the same; the first stands for all.
const SAME_EN: [&[&str]; 8] = [
    &["started", "began", "begun"],
    &["start", "begin"],
    &["suddenly", "sudden"],
    &["smoke", "smoking"],
    &["doctor", "dr"],
    &["mum", "mother", "mom"],
    &["dad", "father"],
    &["can't", "cannot"],
];

/// Characters that claim nothing. No negation, degree, cause or time.
const FREE_ZH: &str = "的了吧呢啊呀嘛呗哦唉哎嗯就也都还很是我这那在和跟着把被给得地个些大夫医生概约您哪啦呃而且";

const SAME_ZH: [(&str, &str); 6] =
    [("开始", "起来"), ("钟头", "小时"), ("礼拜", "星期"), ("难受", "不舒服"), ("爸", "父亲"), ("妈", "母亲")];

/// The words (English) or characters (Chinese) of `text` that carry meaning, in order, each in its
/// standard form.
pub fn telling(text: &str, language: Language) -> Vec<String> {
    match language {
        Language::En => english(text).into_iter().filter(|word| !FREE_EN.contains(&word.as_str())).collect(),
        Language::Zh => chinese(text).into_iter().filter(|c| !FREE_ZH.contains(c.as_str())).collect(),
    }
}

/// The first word of `sentence` that neither `facts` nor `echoed` have and that claims something.
pub fn foreign(sentence: &str, facts: &[String], echoed: &str, language: Language) -> Option<String> {
    let mut known: Vec<String> = facts.iter().flat_map(|fact| telling(fact, language)).collect();
    known.extend(telling(echoed, language).into_iter().filter(|word| !is_grammar(word)));
    telling(sentence, language).into_iter().find(|word| !known.contains(word))
}

/// How much of `fact` stands in `reply`, in the fact's own order, 0–1; 1 when the fact has no
/// telling words.
pub fn carried(fact: &str, reply: &str, language: Language) -> f64 {
    let fact = telling(fact, language);
    if fact.is_empty() {
        return 1.0;
    }
    common(&fact, &telling(reply, language)) as f64 / fact.len() as f64
}

/// The length of the longest common subsequence.
fn common(wanted: &[String], said: &[String]) -> usize {
    let mut row = vec![0_usize; said.len() + 1];
    for word in wanted {
        let mut diagonal = 0;
        for at in 0..said.len() {
            let above = row[at + 1];
            row[at + 1] = if *word == said[at] { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[said.len()]
}

/// Whether `reply` denies as often as `facts` do: a "not" lost or won turns a statement round.
pub fn keeps_denials(reply: &str, facts: &[&String], language: Language) -> bool {
    const DENIALS: [&str; 16] = [
        "no", "not", "never", "none", "nothing", "nobody", "without", "can't", "nor", "neither", "没", "不", "无",
        "别", "未", "非",
    ];
    let count = |text: &str| telling(text, language).iter().filter(|word| DENIALS.contains(&word.as_str())).count();
    count(reply) == facts.iter().map(|fact| count(fact)).sum::<usize>()
}

/// Whether `reply` uses words of `facts` once more, out of their place: 我常吃…，常忘 where the fact
/// says 吃…，常忘.
pub fn repeats(reply: &str, facts: &[&String], language: Language) -> bool {
    let said = telling(reply, language);
    let facts: Vec<Vec<String>> = facts.iter().map(|fact| telling(fact, language)).collect();
    let placed: usize = facts.iter().map(|fact| common(fact, &said)).sum();
    let of_facts = said.iter().filter(|word| facts.iter().flatten().any(|known| known == *word)).count();
    of_facts > placed
}

/// The first run of words that `sentence` shares with `examples` and that `sources` lack: three
/// words in English, four characters in Chinese.
pub fn borrowed(sentence: &str, examples: &[&str], sources: &str, language: Language) -> Option<String> {
    let (words, length, glue) = match language {
        Language::En => (english as fn(&str) -> Vec<String>, 3, " "),
        Language::Zh => (chinese as fn(&str) -> Vec<String>, 4, ""),
    };
    let runs = |text: &str| -> Vec<String> { words(text).windows(length).map(|run| run.join(glue)).collect() };
    let (known, taken) = (runs(sources), examples.iter().flat_map(|example| runs(example)).collect::<Vec<_>>());
    runs(sentence).into_iter().find(|run| taken.contains(run) && !known.contains(run))
}

/// Words that bend a statement and so are never taken over from a question.
fn is_grammar(word: &str) -> bool {
    const GRAMMAR: [&str; 46] = [
        "be", "am", "are", "was", "were", "been", "being", "have", "has", "had", "do", "does", "did", "will", "would",
        "can", "could", "should", "may", "might", "must", "not", "no", "never", "yes", "if", "or", "you", "your",
        "always", "often", "very", "much", "more", "less", "because", "so", "since", "before", "after", "when",
        "while", "until", "alone", "only", "still",
    ];
    const GRAMMAR_ZH: &str = "不没无别未吗么什怎哪几多少您你因为所以如果要会能可更最太已曾正刚才从到过";
    GRAMMAR.contains(&word) || GRAMMAR_ZH.contains(word)
}

fn english(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace('’', "'");
    let mut words = Vec::new();
    for word in lower.split(|c: char| !(c.is_alphanumeric() || c == '\'')).map(|word| word.trim_matches('\'')) {
        // "I've" is two words: which verb stands there decides the tense.
        let parts = match word.split_once('\'') {
            Some((stem, "ve")) => vec![stem, "have"],
            Some((stem, "m")) => vec![stem, "am"],
            Some((stem, "re")) => vec![stem, "are"],
            Some((stem, "ll")) => vec![stem, "will"],
            Some((stem, "d")) => vec![stem, "would"],
            Some((stem, "s")) => vec![stem],
            Some((stem, "t")) if stem != "can" => vec![stem.strip_suffix('n').unwrap_or(stem), "not"],
            _ => vec![word],
        };
        words.extend(parts.into_iter().filter(|part| !part.is_empty()).map(standard));
    }
    words
}

fn standard(word: &str) -> String {
    if let Some(number) = super::numbers::in_digits(word) {
        return number;
    }
    SAME_EN.iter().find(|group| group.contains(&word)).map_or(word, |group| group[0]).to_owned()
}

fn chinese(text: &str) -> Vec<String> {
    let text =
        SAME_ZH.iter().fold(super::numbers::in_numerals(text), |text, (standard, same)| text.replace(same, standard));
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| if matches!(c, '俩' | '两') { '二' } else { c })
        .map(|c| c.to_lowercase().to_string())
        .collect()
}
