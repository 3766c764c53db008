//! A sentence with the graph's words masked.

use std::{fmt::Write as _, ops::Range};

use regex::Regex;

use super::{End, LinkKind, rules::letter, terms::Hit};
use crate::TopicKind;

/// The masked sentence: `‹3:fd›` stands for the fourth hit.
pub(super) struct Masked {
    pub(super) text: String,
    pub(super) hits: Vec<Hit>,
    /// The words of each hit.
    words: Vec<String>,
}

/// Most words of a finding or complication that the graph does not know.
const LONGEST_NAME: usize = 5;
/// Most letters of a Chinese one.
const LONGEST_CHINESE_NAME: usize = 10;

/// Beginnings that belong to no name.
const ARTICLES: [&str; 22] = [
    "a ",
    "an ",
    "the ",
    "and ",
    "or ",
    "of ",
    "also ",
    "severe ",
    "acute onset of ",
    "new ",
    "progressive ",
    "some ",
    "as well as ",
    "to ",
    "in particular ",
    "sudden ",
    "recurrent ",
    "mild ",
    "including ",
    "symptoms of ",
    "和",
    "及",
];

/// Words that name no finding.
const NO_NAMES: [&str; 40] = [
    "symptom",
    "sign",
    "finding",
    "complication",
    "condition",
    "patient",
    "year",
    "day",
    "hour",
    "week",
    "month",
    "age",
    "group",
    "history",
    "mean",
    "median",
    "onset",
    "disease",
    "case",
    "score",
    "other",
    "various",
    "outcome",
    "death",
    "admission",
    "treatment",
    "more",
    "less",
    "number",
    "same",
    "following",
    "it",
    "them",
    "which",
    "患者",
    "症状",
    "并发症",
    "疾病",
    "等",
    "其他",
];

impl Masked {
    pub(super) fn new(sentence: &str, hits: Vec<Hit>, noise: Option<&Regex>) -> Self {
        let mut text = String::with_capacity(sentence.len());
        let mut at = 0;
        for (index, hit) in hits.iter().enumerate() {
            text.push_str(&sentence[at..hit.range.start]);
            let kinds: String = hit.topics.iter().map(|topic| letter(topic.kind())).collect();
            let _infallible = write!(text, "‹{index}:{kinds}›");
            at = hit.range.end;
        }
        text.push_str(&sentence[at..]);
        // Items of a list that the sentence announced.
        let text = text.replace("\n- ", ", ").replace("\n• ", ", ").replace('\n', ", ").replace(":,", ":");
        let text = noise.map_or_else(|| text.clone(), |noise| noise.replace_all(&text, "").into_owned());
        let words = hits.iter().map(|hit| sentence[hit.range.clone()].to_owned()).collect();
        Self { text, hits, words }
    }

    /// Where each word stands in the masked text, in order.
    pub(super) fn places(&self) -> Vec<(usize, Range<usize>)> {
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(start) = self.text[from..].find('‹').map(|at| from + at) {
            let Some(end) = self.text[start..].find('›').map(|at| start + at + '›'.len_utf8()) else { break };
            places.extend(listed(&self.text[start..end]).first().map(|index| (*index, start..end)));
            from = end;
        }
        places
    }

    /// What the words of a list name, known or not.
    pub(super) fn ends_in(&self, range: Range<usize>, link: LinkKind) -> Vec<End> {
        let stop = [" in ", " which ", " when ", " if ", " with ", " during ", " within ", " at ", ". ", ";", "。"];
        let text = &self.text[range];
        let end = stop.iter().filter_map(|stop| text.find(stop)).min().unwrap_or(text.len());
        let text = text[..end].trim_end_matches(['.', '。', ' ']);
        let parts = text
            .split([',', '、', '和', '及', '与'])
            .flat_map(|part| part.split(" and "))
            .flat_map(|part| part.split(" or "));
        parts.filter_map(|part| self.end(part, link)).collect()
    }

    fn end(&self, part: &str, link: LinkKind) -> Option<End> {
        let kind = if link == LinkKind::PresentsWith { TopicKind::Finding } else { TopicKind::Disease };
        let known = listed(part).into_iter().find_map(|index| self.hits[index].of(kind).cloned());
        if let Some(topic) = known {
            return Some(End::Known(topic));
        }
        let mut words = self.unmasked(part).trim().trim_matches(['(', ')', '等']).to_owned();
        while let Some(rest) = ARTICLES.iter().find_map(|article| words.strip_prefix(article)) {
            words = rest.trim().into();
        }
        is_name(&words).then_some(End::Unknown(words))
    }

    fn unmasked(&self, part: &str) -> String {
        let mut text = part.to_owned();
        for index in listed(part) {
            if let Some(start) = text.find('‹')
                && let Some(end) = text[start..].find('›')
            {
                text.replace_range(start..start + end + '›'.len_utf8(), &self.words[index]);
            }
        }
        text
    }
}

fn is_name(words: &str) -> bool {
    let lower = words.to_lowercase();
    let chinese = words.chars().any(crate::normalise::is_han);
    let long = if chinese {
        words.chars().count() > LONGEST_CHINESE_NAME
    } else {
        words.split_whitespace().count() > LONGEST_NAME || words.len() < 4
    };
    let strange = |c: char| c.is_ascii_digit() || matches!(c, '%' | '=' | '<' | '>' | '(' | ')' | '"');
    let mut parts = lower.split([' ', '-']);
    !long
        && words.chars().count() > 1
        && !words.contains(strange)
        && !NO_NAMES.iter().any(|no| {
            if chinese { lower.contains(no) } else { parts.clone().any(|word| word.trim_end_matches('s') == *no) }
        })
        && parts.next().is_some_and(|first| !first.is_empty())
}

/// The indices in a masked list, up to a denial.
pub(super) fn listed(text: &str) -> Vec<usize> {
    let denial = ["but not ", "without ", "rather than ", " no ", "not ", "而非", "不伴", "而无", "但无"];
    let end = denial.iter().filter_map(|word| text.find(word)).min().unwrap_or(text.len());
    text[..end].split('‹').skip(1).filter_map(|part| part.split(':').next()?.parse().ok()).collect()
}
