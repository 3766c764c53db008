//! The consultations told in both languages that are part of the program.

use knowledge_graph::Language;

use super::super::{Rubric, RubricItem, Speaker, Transcript, Turn};

const SOURCE: &str = include_str!("consultations.txt");

/// A transcript and what it is marked by.
pub type Station = (Transcript, Rubric);

/// A consultation and its rubric in both languages, turn by turn and item by item.
#[derive(Clone, Debug)]
pub struct Told {
    /// In English.
    pub en: Station,
    /// In Chinese.
    pub zh: Station,
    /// The ids of the items that are asked.
    pub asked: Vec<String>,
}

/// The built-in set. What does not read is left out; a test sees to it that all does.
pub fn built_in() -> Vec<Told> {
    SOURCE.split("\n== ").skip(1).filter_map(read).collect()
}

fn read(block: &str) -> Option<Told> {
    let (head, turns) = block.split_once("\n--\n")?;
    let (id, items) = head.split_once('\n')?;
    let items: Vec<(&str, (&str, &str))> = items.lines().filter_map(item).collect();
    let turns: Vec<(Vec<String>, Speaker, (&str, &str))> =
        turns.lines().filter(|line| !line.trim().is_empty()).map(turn).collect::<Option<_>>()?;
    let in_language = |language: Language| {
        let of = |both: &(&str, &str)| if language == Language::En { both.0 } else { both.1 }.to_owned();
        let turns = turns.iter().map(|(_, speaker, both)| Turn { speaker: *speaker, text: of(both) }).collect();
        let items = items.iter().map(|(key, both)| RubricItem {
            id: (*key).to_owned(),
            text: of(both),
            domain: String::new(),
            critical: false,
            weight: None,
            topics: Vec::new(),
        });
        let rubric = Rubric { id: id.to_owned(), presenting_complaint: None, items: items.collect() };
        (Transcript { id: id.to_owned(), language, turns }, rubric)
    };
    let mut asked: Vec<String> = turns.iter().flat_map(|(keys, _, _)| keys.clone()).collect();
    asked.sort();
    asked.dedup();
    Some(Told { en: in_language(Language::En), zh: in_language(Language::Zh), asked })
}

/// "a Asks … | 询问…".
fn item(line: &str) -> Option<(&str, (&str, &str))> {
    let (key, text) = line.split_once(' ')?;
    Some((key, text.split_once(" | ")?))
}

/// "D a,b: Words | 话".
fn turn(line: &str) -> Option<(Vec<String>, Speaker, (&str, &str))> {
    let (head, text) = line.split_once(": ")?;
    let speaker = if head.starts_with('D') { Speaker::Student } else { Speaker::Patient };
    let keys = head[1..].trim().split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    Some((keys, speaker, text.split_once(" | ")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_consultation_reads_in_both_languages() {
        let told = built_in();
        assert_eq!(told.len(), SOURCE.matches("\n== ").count());
        assert!(told.len() >= 12);
        for one in told {
            let ((en, items), (zh, items_zh)) = (&one.en, &one.zh);
            assert!(en.turns.len() >= 16 && en.turns.len() == zh.turns.len(), "{}", en.id);
            assert!(items.items.len() > one.asked.len(), "{}: some item is not asked", en.id);
            assert!(one.asked.iter().all(|key| items_zh.items.iter().any(|item| item.id == *key)), "{}", en.id);
            assert!(zh.turns.iter().all(|turn| !turn.text.is_ascii()), "{}", en.id);
        }
    }
}
