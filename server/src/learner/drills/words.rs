//! Which term a patient's own words mean.

use std::collections::{BTreeMap, BTreeSet};

use knowledge_graph::{
    Bilingual, Graph, Language, Mentions, TopicKind,
    format::{Evidence, Finding, FindingKind, PresentsWith},
    is_han,
};

use super::{
    dice::Dice,
    item::{Choice, Draft, Key, both},
    kin::{Words, shares_a_character},
    stock::{Stock, topic},
    wording::list,
};

/// Sentences to match.
const PROMPTS: usize = 4;
/// Terms to choose from: one stays over, so that the last pair is no gift.
const TERMS: usize = 5;
/// Of the sentences, at most this many may share a character with their Chinese term.
const TRANSPARENT: usize = 2;
/// A sentence has at least so many words, or Chinese characters, and at most.
const WORDS: std::ops::RangeInclusive<usize> = 4..=14;
const CHARACTERS: std::ops::RangeInclusive<usize> = 5..=24;
/// A longer name describes and is no term.
const TERM_WORDS: usize = 3;
/// Symptoms whose names are what anybody says.
const EVERYDAY: [&str; 12] = [
    "falls",
    "feeling-of-dying",
    "lymphadenopathy",
    "sneezing",
    "snoring",
    "hair-loss",
    "sudden-hunger",
    "skin-wound",
    "great-toe-pain",
    "weight-gain",
    "dry-skin",
    "small-handwriting",
];
/// What an English sentence begins with.
const BEGINNINGS: [&str; 17] = [
    "i ",
    "i'm ",
    "i've ",
    "i'd ",
    "i can't ",
    "i keep ",
    "my ",
    "my wife ",
    "my husband ",
    "it's like ",
    "there's ",
    "there was ",
    "they say ",
    "they said ",
    "everything ",
    "people ",
    "food ",
];
/// Words that point at something said before, or leave the sentence open.
const POINTING: [&str; 29] = [
    " since",
    " then",
    " too",
    " also",
    " with it",
    " it",
    " the pain",
    " that",
    " this",
    " those",
    " these",
    " them",
    " again",
    " at first",
    " after",
    " before",
    " now",
    " as well",
    " at the time",
    " and",
    " here",
    " in an attack",
    " the next one",
    " at the start",
    " the fever",
    " the flush",
    " straight away",
    " at once",
    " mixed in",
];
const POINTING_ZH: [&str; 38] = [
    "也",
    "还",
    "跟着",
    "当时",
    "后来",
    "这回",
    "那",
    "这会儿",
    "一起",
    "同时",
    "疼的时候",
    "又",
    "就是",
    "先是",
    "然后",
    "接着",
    "这样",
    "发作",
    "之前",
    "之后",
    "以后",
    "他",
    "她",
    "孩子",
    "宝宝",
    "……",
    "犯的时候",
    "厉害的时候",
    "刚开始",
    "头几天",
    "再犯",
    "马上",
    "这里",
    "这儿",
    "一烧",
    "疼到",
    "疼得晕",
    "擦的时候",
];

/// What a patient says of a finding.
pub(super) struct Said<'g> {
    finding: &'g Finding,
    text: Bilingual,
    words: Words,
    source: &'g str,
}

/// What patients say, in both languages, that means one finding and no other, stands alone, and does
/// not use the term itself.
pub(super) fn sayings<'g>(graph: &'g Graph, mentions: &Mentions) -> Vec<Said<'g>> {
    let adults = graph.diseases().filter(|disease| disease.epidemiology.months.is_none());
    let edges = adults.flat_map(|disease| &disease.presents_with);
    let mut seen = BTreeSet::new();
    edges
        .filter(|edge| graph.evidence(&edge.provenance) != Evidence::Unverified)
        .flat_map(|edge| said(graph, mentions, edge))
        .filter(|said| seen.insert(said.text.en.clone()))
        .collect()
}

fn said<'g>(graph: &'g Graph, mentions: &Mentions, edge: &'g PresentsWith) -> Vec<Said<'g>> {
    let finding = graph.finding(&edge.finding).filter(|finding| is_term(finding));
    let (Some(finding), Some(source)) = (finding, edge.provenance.source.as_deref()) else { return Vec::new() };
    let (en, zh) = (&edge.tells.en, &edge.tells.zh);
    // Lists of one length are pairs.
    if en.len() != zh.len() {
        return Vec::new();
    }
    let name = Words::of(&finding.name);
    let pairs = en.iter().zip(zh).filter(|(en, zh)| stands_alone(en) && stands_alone_chinese(zh));
    pairs
        .map(|(en, zh)| both(whole(en, '.'), whole(zh, '。')))
        .map(|text| Said { finding, words: Words::of(&text), text, source })
        .filter(|said| !said.words.shares(&name))
        .filter(|said| means(graph, mentions, &said.text, finding))
        .collect()
}

/// Whether the finding is a symptom whose name is a term in both languages, not a description.
fn is_term(finding: &Finding) -> bool {
    finding.kind == FindingKind::Symptom
        && !EVERYDAY.contains(&finding.id.as_str())
        && finding.name.en.split_whitespace().count() <= TERM_WORDS
        && !finding.name.zh.contains('、')
}

/// Begins with a capital and ends with a full stop.
fn whole(text: &str, stop: char) -> String {
    let text = text.trim().trim_end_matches(['.', '。', ',', '，', ';', '；']);
    let mut letters = text.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}{stop}", letters.as_str())
}

/// Whether an English text is a whole sentence that needs nothing said before.
fn stands_alone(text: &str) -> bool {
    let lower = text.to_lowercase().replace('’', "'");
    let bare = lower.trim_end_matches(['.', '!']);
    let padded = format!("{bare} ");
    WORDS.contains(&bare.split_whitespace().count())
        && BEGINNINGS.iter().any(|begin| bare.starts_with(begin))
        && POINTING.iter().all(|word| !padded.contains(&format!("{word} ")) && !padded.contains(&format!("{word},")))
        && !bare.contains([';', ':', '(', '"', '?', '–'])
}

/// The same of a Chinese one.
fn stands_alone_chinese(text: &str) -> bool {
    CHARACTERS.contains(&text.chars().filter(|letter| is_han(*letter)).count())
        && POINTING_ZH.iter().all(|word| !text.contains(word))
        && !text.contains(['；', '：', '（', '“', '？', '('])
}

/// Whether the words name the finding in one language at least, and in neither any but broader ones.
fn means(graph: &Graph, mentions: &Mentions, words: &Bilingual, finding: &Finding) -> bool {
    let found: Vec<_> =
        Language::ALL.into_iter().flat_map(|language| mentions.in_text(words.get(language), language)).collect();
    if found.iter().any(|mention| mention.negated) {
        return false;
    }
    let named: BTreeSet<_> = found
        .into_iter()
        .map(|mention| mention.topic.node())
        .filter(|topic| matches!(topic.kind(), TopicKind::Finding | TopicKind::Disease))
        .collect();
    named.contains(&topic(finding)) && named.iter().all(|other| graph.is_a(&topic(finding), other))
}

pub(super) fn draft(stock: &Stock<'_>, dice: &mut Dice) -> Option<Draft> {
    let mut chosen: Vec<&Said<'_>> = Vec::new();
    for said in one_of_each(stock, dice) {
        let of_one_system = chosen.first().is_none_or(|first| first.finding.system == said.finding.system);
        let apart = chosen.iter().all(|other| {
            !stock.alike(other.finding, said.finding)
                && !other.words.shares(&Words::of(&said.finding.name))
                && !said.words.shares(&Words::of(&other.finding.name))
        });
        let transparent = chosen.iter().filter(|other| is_transparent(other)).count();
        if chosen.len() < TERMS && of_one_system && apart && (!is_transparent(said) || transparent < TRANSPARENT) {
            chosen.push(said);
        }
    }
    if chosen.len() < TERMS {
        return None;
    }
    let mut shown: Vec<usize> = (0..TERMS).collect();
    dice.shuffle(&mut shown);
    let choices = shown
        .iter()
        .filter_map(|at| Some((*at, chosen.get(*at)?)))
        .map(|(at, said)| Choice { text: said.finding.name.clone(), why: meaning(said, at >= PROMPTS) });
    let asked = chosen.get(..PROMPTS)?;
    let pairs: Vec<Bilingual> = asked.iter().enumerate().map(|(at, said)| numbered(at + 1, said.finding)).collect();
    let pairs = list(&pairs);
    Some(Draft {
        stem: both("Four patients describe a symptom.", "四位患者分别描述了自己的症状。"),
        question: both(
            "Match each description with its medical term. One term is left over.",
            "请为每句描述选出对应的医学术语（有一项多余）。",
        ),
        choices: choices.collect(),
        key: Key::Pairs((0..PROMPTS).filter_map(|at| shown.iter().position(|place| *place == at)).collect()),
        explanation: both(
            format!("{}. Each description means its term and no other on the list.", pairs.en),
            format!("{}。每句描述只对应所列的一个术语。", pairs.zh),
        ),
        prompts: asked.iter().map(|said| said.text.clone()).collect(),
        sources: asked.iter().map(|said| said.source.to_owned()).collect(),
        topics: asked.iter().map(|said| topic(said.finding)).collect(),
    })
}

/// Of each finding one saying, in any order: else what patients complain of most would come again and again.
fn one_of_each<'s, 'g>(stock: &'s Stock<'g>, dice: &mut Dice) -> Vec<&'s Said<'g>> {
    let mut of: BTreeMap<&str, Vec<&Said<'g>>> = BTreeMap::new();
    for said in &stock.sayings {
        of.entry(said.finding.id.as_str()).or_default().push(said);
    }
    let mut each: Vec<&Said<'g>> = of.values().filter_map(|sayings| dice.pick(sayings).copied()).collect();
    dice.shuffle(&mut each);
    each
}

/// Whether the Chinese term shows through the words.
fn is_transparent(said: &Said<'_>) -> bool {
    shares_a_character(&said.text.zh, &said.finding.name.zh)
}

/// "1 is diplopia".
fn numbered(number: usize, finding: &Finding) -> Bilingual {
    let name = super::wording::finding(finding);
    both(format!("{number} = {}", name.en), format!("{number}＝{}", name.zh))
}

/// In which words patients say it, or that nobody here did.
fn meaning(said: &Said<'_>, over: bool) -> Bilingual {
    let (en, zh) = (&said.text.en, &said.text.zh);
    if over {
        both(format!("Left over: it would be “{en}”"), format!("多余项：患者会说“{zh}”"))
    } else {
        both(format!("In the patient's words: “{en}”"), format!("患者的说法：“{zh}”"))
    }
}
