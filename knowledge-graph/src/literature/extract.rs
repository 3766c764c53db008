//! From sentences to proposals.

use std::ops::Range;

use regex::{Captures, Regex};

use super::{
    Assumption, Claim, Confidence, End, LinkKind, Proposal, Quotation, Values,
    amounts::{self, Amount},
    chinese,
    clean::Clean,
    compare, english,
    masked::{Masked, listed},
    ratios,
    rules::{self, Compiled},
    sentences::{Sentence, sentences},
    terms::{Hit, Terms},
};
use crate::{Graph, Language, TopicKind};

/// Reads texts for one graph. Building it takes some time; reading does not.
pub struct Extractor<'g> {
    graph: &'g Graph,
    terms: Terms,
    rules: Vec<Compiled>,
    words: [Words; 2],
    noise: Option<Regex>,
}

/// What decides on a match in one language.
struct Words {
    denials: Option<Regex>,
    open: Option<Regex>,
    hedges: Option<Regex>,
    cues: Option<Regex>,
    /// A finding and the amount beside it.
    pairs: Vec<Regex>,
}

/// A claim with what was taken for granted.
pub(super) struct Reading {
    pub(super) claim: Claim,
    pub(super) assumptions: Vec<Assumption>,
}

/// What the text is about where the sentence does not say.
#[derive(Default)]
struct Context {
    title: Option<String>,
    heading: Option<String>,
}

/// Confidence intervals, P values, group sizes and reference numbers: numbers that are no result.
const NOISE: &str = r"(?i)[;,]?\s*\(?95\s?%\s?(?:-?ci|confidence intervals?|可信区间|置信区间)s?\s?(?:\(?ci\)?)?\s?[,:=]?(?: of| from)?\s*[\[(]?\d+(?:\.\d+)?\s?%?\s?(?:-|to|,|至)\s?\d+(?:\.\d+)?\s?%?[\])]?|[;,]?\s?\bp\s?(?:value)?\s?[<=>≤]\s?0?\.\d+|\(n\s?=\s?\d+\)|\[\d+(?:\s?[,-]\s?\d+)*\]|\bn\s?=\s?\d+[,;]";

impl<'g> Extractor<'g> {
    /// A reader for `graph`.
    pub fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            terms: Terms::new(graph),
            rules: rules::compiled(),
            words: [Words::english(), Words::chinese()],
            noise: Regex::new(NOISE).ok(),
        }
    }

    /// Everything that `text` proposes, in its order; `title` says what it is about.
    pub fn extract(&self, title: &str, text: &str) -> Vec<Proposal> {
        let clean = Clean::new(text);
        let mut context = Context { title: self.only_disease(title), heading: None };
        let mut proposals: Vec<Proposal> = Vec::new();
        for sentence in sentences(&clean.text) {
            let words = &clean.text[sentence.range.clone()];
            if sentence.heading {
                context.heading = self.only_disease(words);
            } else if context.title.is_none() {
                // Without a telling title the first sentence with one disease says what it is about.
                context.title = self.only_disease(words);
            }
            let range = clean.pasted(sentence.range.clone());
            let quotation = Quotation { start: range.start, end: range.end, text: text[range].to_owned() };
            for reading in self.read(words, &sentence, &context) {
                add(&mut proposals, self.propose(reading, &quotation));
            }
        }
        proposals
    }

    fn propose(&self, reading: Reading, quotation: &Quotation) -> Proposal {
        let Reading { mut claim, mut assumptions } = reading;
        claim.values = claim.values.with_ratios();
        if claim.values.lr_derived {
            assumptions.push(Assumption::Derived);
        }
        if matches!(claim.other, End::Unknown(_)) {
            assumptions.push(Assumption::NewWords);
        }
        assumptions.sort();
        assumptions.dedup();
        Proposal {
            standing: compare::standing(self.graph, &claim),
            confidence: Confidence::of(&assumptions),
            quotation: quotation.clone(),
            claim,
            assumptions,
        }
    }

    fn only_disease(&self, text: &str) -> Option<String> {
        let hits = self.terms.find(text);
        let mut names: Vec<&str> =
            hits.iter().filter_map(|hit| hit.of(TopicKind::Disease)).map(crate::TopicId::name).collect();
        names.sort_unstable();
        names.dedup();
        match names[..] {
            [one] => Some(one.to_owned()),
            _ => None,
        }
    }

    fn read(&self, text: &str, sentence: &Sentence, context: &Context) -> Vec<Reading> {
        let words = &self.words[usize::from(sentence.language == Language::Zh)];
        if words.open.as_ref().is_some_and(|open| open.is_match(text)) {
            return Vec::new();
        }
        let masked = Masked::new(text, self.terms.find(text), self.noise.as_ref());
        let of_sentence = OfSentence { graph: self.graph, words, masked: &masked, context };
        let mut readings = ratios::read(&of_sentence);
        let measured = readings.len();
        let mut taken: Vec<(LinkKind, Range<usize>)> = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.language == sentence.language) {
            for captures in rule.regex.captures_iter(&masked.text) {
                let Some(whole) = captures.get(0).map(|whole| whole.range()) else { continue };
                let overlaps = |(link, other): &(LinkKind, Range<usize>)| {
                    *link == rule.link && other.start < whole.end && whole.start < other.end
                };
                if taken.iter().any(overlaps) {
                    continue;
                }
                let found = of_sentence.of_rule(rule.link, &captures, &whole);
                if !found.is_empty() {
                    taken.push((rule.link, whole));
                    readings.extend(found);
                }
            }
        }
        if measured == 0 {
            let pairs = of_sentence.of_pairs();
            let counted = |pair: &Reading| {
                let same =
                    |one: &&Reading| (&one.claim.disease, &one.claim.other) == (&pair.claim.disease, &pair.claim.other);
                readings.iter().find(same).is_some_and(|one| one.claim.values.frequency.is_some())
            };
            let more: Vec<Reading> = pairs.into_iter().filter(|pair| !counted(pair)).collect();
            readings.extend(more);
        }
        ratios::left_out(&of_sentence, &mut readings);
        readings
    }
}

/// Adds a proposal unless the text said the same before; numbers replace silence about the same
/// edge.
fn add(proposals: &mut Vec<Proposal>, new: Proposal) {
    let same_edge = |old: &Proposal| {
        (old.claim.link, &old.claim.disease, &old.claim.other) == (new.claim.link, &new.claim.disease, &new.claim.other)
    };
    if let Some(old) = proposals.iter_mut().find(|old| same_edge(old) && old.claim.values.is_silent()) {
        if !new.claim.values.is_silent() {
            *old = new;
        }
        return;
    }
    let repeats =
        |old: &Proposal| same_edge(old) && (new.claim.values.is_silent() || old.claim.values == new.claim.values);
    if !proposals.iter().any(repeats) {
        proposals.push(new);
    }
}

impl Words {
    fn english() -> Self {
        let amount = &*amounts::PATTERN;
        let finding = r"(?P<F>‹\d+:[a-z]*f[a-z]*›)";
        let had = r"(?:had|have|has|reported|presented with|complained of|experienced|showed|developed)";
        Self::new(
            [english::DENIALS, english::OPEN, english::HEDGES, english::CUES],
            &[
                format!(r"{finding}(?: [a-z-]+){{0,2}},? ?[(\[](?P<A>{amount})"),
                format!(r"{finding},? (?:was (?:present |found |seen )?)?in (?P<A>{amount})"),
                format!(
                    r"(?P<A>{amount})(?: of (?:them|those|these|patients|cases|the patients))? (?:also )?{had} (?:[a-z-]+ ){{0,2}}{finding}"
                ),
            ],
        )
    }

    fn chinese() -> Self {
        let amount = &*amounts::PATTERN;
        let finding = r"(?P<F>‹\d+:[a-z]*f[a-z]*›)";
        Self::new(
            [chinese::DENIALS, chinese::OPEN, chinese::HEDGES, chinese::CUES],
            &[
                format!(r"{finding}[^‹;,、。\d%(]{{0,8}}[(]?(?P<A>{amount})"),
                format!(r"(?P<A>{amount})(?:的?患者|者)?(?:有|出现|表现为|伴有|伴|诉|主诉)[^‹;,、\d]{{0,6}}{finding}"),
            ],
        )
    }

    fn new([denials, open, hedges, cues]: [&str; 4], pairs: &[String]) -> Self {
        let regex = |pattern: &str| Regex::new(&format!("(?i){pattern}")).ok();
        Self {
            denials: regex(denials),
            open: regex(open),
            hedges: regex(hedges),
            cues: regex(cues),
            pairs: pairs.iter().filter_map(|pattern| regex(pattern)).collect(),
        }
    }
}

/// One sentence and what decides on it.
pub(super) struct OfSentence<'a, 'g> {
    pub(super) graph: &'g Graph,
    words: &'a Words,
    pub(super) masked: &'a Masked,
    context: &'a Context,
}

impl OfSentence<'_, '_> {
    /// Whether the words of `range`, or those just before it, deny what it says.
    pub(super) fn denied(&self, range: &Range<usize>) -> bool {
        let text = &self.masked.text;
        let before = text[..range.start].rfind('›').map_or(0, |at| at + '›'.len_utf8());
        let near = text[before..range.start].char_indices().rev().nth(24).map_or(before, |(at, _)| before + at);
        let looked_at = text[near..range.end].replace("not only", "");
        self.words.denials.as_ref().is_some_and(|denials| denials.is_match(&looked_at))
    }

    /// The disease meant where the pattern names none; `listed` are not meant.
    pub(super) fn disease(&self, listed: &[usize]) -> Option<(String, bool)> {
        let mut named: Vec<&str> = self
            .masked
            .hits
            .iter()
            .enumerate()
            .filter(|(index, _)| !listed.contains(index))
            .filter_map(|(_, hit)| Some(hit.of(TopicKind::Disease)?.name()))
            .collect();
        named.sort_unstable();
        named.dedup();
        match named[..] {
            [one] => Some((one.to_owned(), false)),
            [] => {
                let context = self.context.heading.as_ref().or(self.context.title.as_ref())?;
                Some((context.clone(), true))
            }
            _ => None,
        }
    }

    fn of_rule(&self, link: LinkKind, captures: &Captures<'_>, whole: &Range<usize>) -> Vec<Reading> {
        if self.denied(whole) {
            return Vec::new();
        }
        let text = &self.masked.text[whole.clone()];
        let list = ["Fs", "Rs", "Xs", "Ts", "Ds", "Cs"].iter().find_map(|name| captures.name(name));
        let named = captures.name("D").and_then(|found| listed(found.as_str()).first().copied());
        let items: Vec<usize> = list
            .map(|list| listed(list.as_str()))
            .unwrap_or_default()
            .into_iter()
            .filter(|item| Some(*item) != named)
            .collect();
        let found = match named.and_then(|index| self.masked.hits.get(index)?.of(TopicKind::Disease)) {
            Some(topic) => Some((topic.name().to_owned(), false)),
            None => self.disease(&items),
        };
        let Some((disease, from_context)) = found else { return Vec::new() };
        let mut assumptions = Vec::new();
        if from_context {
            assumptions.push(Assumption::DiseaseFromContext);
        }
        if self.hedged(link, text) {
            assumptions.push(Assumption::Hedged);
        }
        let Some(mut values) = Self::values(captures, &mut assumptions) else { return Vec::new() };
        if link == LinkKind::TreatedBy {
            let around = captures.name("W").map_or("", |words| words.as_str());
            values.role = Some(role(around).to_owned());
        }
        if items.len() > 1 && values.frequency.is_some() {
            assumptions.push(Assumption::SharedNumber);
        }
        let ends: Vec<End> = match captures.name("U") {
            Some(words) => self.masked.ends_in(words.range(), link),
            None => items.into_iter().filter_map(|item| self.end(link, item, text)).collect(),
        };
        ends.into_iter()
            .filter(|end| !matches!(end, End::Known(topic) if topic.kind() == TopicKind::Disease && topic.name() == disease))
            .map(|other| Reading {
                claim: Claim { link, disease: disease.clone(), other, values: values.clone() },
                assumptions: assumptions.clone(),
            })
            .collect()
    }

    /// The node a listed word means for this kind of edge.
    fn end(&self, link: LinkKind, item: usize, matched: &str) -> Option<End> {
        let hit: &Hit = self.masked.hits.get(item)?;
        let kind = other_kind(link);
        // What is both a risk and a finding is a risk where things are "associated".
        let associated = matched.contains("associated") || matched.contains("相关") || matched.contains("有关");
        if link == LinkKind::PresentsWith && associated && hit.of(TopicKind::RiskFactor).is_some() {
            return None;
        }
        hit.of(kind).cloned().map(End::Known)
    }

    fn hedged(&self, link: LinkKind, text: &str) -> bool {
        let Some(hedges) = &self.words.hedges else { return false };
        // "May present with", "may be complicated by" is how these are always said.
        let usual = ["may", "might", "could", "可能"];
        let always = matches!(link, LinkKind::PresentsWith | LinkKind::Complicates | LinkKind::Mimics);
        hedges.find_iter(text).any(|found| !(always && usual.contains(&found.as_str().to_lowercase().as_str())))
    }

    /// The numbers of a rule's match; `None` when they cannot be.
    fn values(captures: &Captures<'_>, assumptions: &mut Vec<Assumption>) -> Option<Values> {
        let Some(amount) = captures.name("A") else { return Some(Values::default()) };
        let among = captures.name("M").and_then(|number| number.as_str().parse().ok());
        let frequency = match amounts::read(&amount.as_str().to_lowercase(), among)? {
            Amount::Exactly(frequency) => Some(frequency),
            Amount::Limit => {
                assumptions.push(Assumption::LimitLeftOut);
                None
            }
        };
        Some(Values { frequency, ..Values::default() })
    }

    /// "Dyspnoea (73 %), cough (34 %)".
    fn of_pairs(&self) -> Vec<Reading> {
        if !self.words.cues.as_ref().is_some_and(|cues| cues.is_match(&self.masked.text)) {
            return Vec::new();
        }
        let mut readings = Vec::new();
        for captures in self.words.pairs.iter().flat_map(|pair| pair.captures_iter(&self.masked.text)) {
            let Some(whole) = captures.get(0).map(|whole| whole.range()) else { continue };
            let item = captures.name("F").and_then(|found| listed(found.as_str()).first().copied());
            let finding = item.and_then(|item| self.masked.hits.get(item)?.of(TopicKind::Finding).cloned());
            let (Some(item), Some(finding)) = (item, finding) else { continue };
            let Some((disease, from_context)) = self.disease(&[item]) else { continue };
            if self.denied(&whole) {
                continue;
            }
            let mut assumptions = Vec::new();
            if from_context {
                assumptions.push(Assumption::DiseaseFromContext);
            }
            let Some(values) = Self::values(&captures, &mut assumptions) else { continue };
            let claim = Claim { link: LinkKind::PresentsWith, disease, other: End::Known(finding), values };
            readings.push(Reading { claim, assumptions });
        }
        readings
    }
}

/// Which kind of node stands at the other end.
const fn other_kind(link: LinkKind) -> TopicKind {
    match link {
        LinkKind::PresentsWith => TopicKind::Finding,
        LinkKind::RiskFor => TopicKind::RiskFactor,
        LinkKind::TreatedBy => TopicKind::Treatment,
        LinkKind::TestedBy => TopicKind::Test,
        LinkKind::Mimics | LinkKind::Complicates => TopicKind::Disease,
    }
}

/// When a treatment is given, by the words around it.
fn role(around: &str) -> &'static str {
    let around = around.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| around.contains(word));
    if says(&["long-term", "long term", "maintenance", "prophyla", "长期", "维持", "预防"]) {
        "long-term"
    } else if says(&["definitive", "curative", "根治"]) {
        "definitive"
    } else if says(&["acute", "immediate", "emergency", "急性期", "急救", "立即"]) {
        "acute"
    } else {
        "first-line"
    }
}
