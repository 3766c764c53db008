//! English said otherwise.

use super::{Group, dice::Dice, noise::sentences};

const COURTESIES: [&str; 5] =
    ["If you don't mind my asking, ", "Could I ask, ", "Sorry to ask, but ", "May I just check, ", "If I may, "];
const FILLERS: [&str; 6] = ["um", "er,", "uh", "like,", "you know,", "erm,"];

/// Courtesies left out: what is said, and what remains of it.
const BLUNT: [(&str, &str); 16] = [
    ("I'm sorry to hear that. ", ""),
    ("Good morning, ", ""),
    ("Good morning. ", ""),
    ("Good afternoon. ", ""),
    ("Hello, ", ""),
    ("please ", ""),
    ("Could you show me ", "Show me "),
    ("Can you describe ", "Describe "),
    ("Have you had any ", "Any "),
    ("Have you noticed any ", "Any "),
    ("Do you have any ", "Any "),
    ("Do you have ", "Got "),
    ("Have you ever been told you have ", "Ever had "),
    ("Have you ", "You "),
    ("Are you ", "You "),
    (" at all", ""),
];

/// Words of the north of England, Scotland, Ireland and America.
const REGIONAL: [(&str, &str); 28] = [
    ("anything", "owt"),
    ("anyone", "anybody"),
    ("abdominal", "belly"),
    ("tummy", "belly"),
    ("pass urine", "pee"),
    ("passing urine", "peeing"),
    ("pass water", "pee"),
    ("passing water", "peeing"),
    ("been sick", "thrown up"),
    ("short of breath", "out of puff"),
    ("stool", "poo"),
    ("diarrhoea", "the runs"),
    ("medicines", "meds"),
    ("tablets", "pills"),
    ("painkillers", "pain meds"),
    ("tired", "knackered"),
    ("anyone else at home ill", "anyone else at home poorly"),
    ("your last period", "your last monthly"),
    ("eyesight", "sight"),
    ("mother", "mam"),
    ("dizziness", "giddiness"),
    ("at the moment", "right now"),
    ("family", "folks"),
    ("phlegm", "gunk"),
    ("rash", "spots"),
    ("job", "line of work"),
    ("appetite", "hunger"),
    ("you", "ye"),
];

/// Inversions and tenses that other languages do without.
const UNINVERTED: [(&str, &str); 18] = [
    ("Have you ever been told you", "Somebody ever tell you you"),
    ("Have you had", "You have"),
    ("Have you ever had", "You ever have"),
    ("Have you", "You have"),
    ("have you had", "you have"),
    ("Has she had", "She have"),
    ("Has anyone", "Somebody"),
    ("Do you have", "You have"),
    ("Do you", "You"),
    ("Does the", "The"),
    ("Does it", "It"),
    ("Does anyone", "Anyone"),
    ("Are you", "You"),
    ("Is there", "There is"),
    ("did the", "the"),
    ("did it", "it"),
    ("did you", "you"),
    ("does it", "it"),
];

pub(super) fn said_by(group: Group, text: &str, dice: &mut Dice) -> String {
    match group {
        Group::Polite => sentences(text).into_iter().map(|sentence| polite(sentence, dice)).collect(),
        Group::Blunt => capitalised(&replaced(text, &BLUNT)),
        Group::Dialect => in_words(text, &REGIONAL),
        Group::SecondLanguage => without_articles(&replaced(text, &UNINVERTED)),
        Group::Typos => text.split(' ').map(|word| misspelt(word, dice)).collect::<Vec<_>>().join(" "),
        Group::Fillers => filled(text, dice),
        Group::Transcription | Group::Width | Group::OtherLanguage => text.to_owned(),
    }
}

fn polite(sentence: &str, dice: &mut Dice) -> String {
    if !sentence.contains('?') {
        return sentence.to_owned();
    }
    let (space, words) = sentence.split_at(sentence.len() - sentence.trim_start().len());
    format!("{space}{}{}", dice.pick(&COURTESIES), lowered(words))
}

/// With a small first letter, unless the word is "I".
fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) if !words.starts_with("I ") && !words.starts_with("I'") => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Whole words only: "your" keeps its "you".
fn in_words(text: &str, pairs: &[(&str, &str)]) -> String {
    let mut said = format!(" {text} ");
    for (from, to) in pairs {
        for end in [" ", ",", ".", "?"] {
            said = said.replace(&format!(" {from}{end}"), &format!(" {to}{end}"));
        }
    }
    said.trim().to_owned()
}

fn without_articles(text: &str) -> String {
    let kept = text.split(' ').filter(|word| !matches!(*word, "a" | "an" | "the"));
    kept.collect::<Vec<_>>().join(" ")
}

/// One long word in three with a slip inside: first and last letter are seldom wrong.
fn misspelt(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let inner = letters.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    if inner < 6 || !dice.one_in(3) {
        return word.to_owned();
    }
    let at = 1 + dice.index(inner - 3);
    match dice.index(3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

fn filled(text: &str, dice: &mut Dice) -> String {
    let mut words: Vec<String> = Vec::new();
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 && dice.one_in(6) {
            words.push(dice.pick(&FILLERS).to_owned());
        }
        words.push(word.to_owned());
    }
    format!("{} {}", dice.pick(&["So, um,", "Right, er,", "OK, so"]), lowered(&words.join(" ")))
}
