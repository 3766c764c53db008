//! What the patient says of the illness itself: complaint, its attributes, what goes with it, and
//! what they would deny.

use std::collections::BTreeMap;

use knowledge_graph::{
    Bilingual, BilingualList, Facet, Graph, Section, TopicKind,
    format::{Disease, Finding},
};

use super::{
    carer,
    dice::{Dice, capital, variant},
    disease_edge,
    picture::{BACKGROUND, Picture, Shown, topic},
};
use crate::{
    format::{Disclosure, Fact},
    problem::both,
};

/// Facts of a generated case at most.
pub(super) const MOST_FACTS: usize = 45;
/// Denied symptoms at least and at most.
const DENIED: (usize, usize) = (8, 16);
/// Attributes told of an accompanying symptom at most.
const MINOR_FACETS: usize = 1;
/// Attributes of accompanying symptoms are told only while there are fewer facts than this.
const ROOM_FOR_DETAIL: usize = 13;
/// Accompanying symptoms told at most.
const MOST_SYMPTOMS: usize = 7;

/// Share of patients from which a finding of the disease itself is not denied.
const OFTEN: f64 = 0.25;
/// Findings whose denial presupposes another one.
const NEEDS: [(&str, &str); 2] = [("haematemesis", "vomiting"), ("post-ictal-confusion", "seizure")];

/// Facts about what is present; the first is the complaint.
pub(super) fn present(picture: &Picture<'_>, dice: &mut Dice) -> Vec<Fact> {
    let complaint = &picture.complaint;
    let mut facts = vec![told(picture, complaint, Disclosure::Volunteered, 5)];
    facts.extend(facets(picture, complaint, usize::MAX));
    facts.extend(unwritten(picture, complaint));
    for (rank, shown) in picture.symptoms.iter().take(MOST_SYMPTOMS).enumerate() {
        let (disclosure, bother) = match rank {
            0 if dice.chance(0.4) => (Disclosure::Volunteered, 4),
            0 | 1 => (Disclosure::OpenQuestion, 4),
            2..=4 => (Disclosure::Asked, 3),
            _ => (Disclosure::Asked, 2),
        };
        facts.push(told(picture, shown, disclosure, bother));
        if rank < 2 && facts.len() < ROOM_FOR_DETAIL {
            facts.extend(facets(picture, shown, MINOR_FACETS));
        }
    }
    facts
}

fn told(picture: &Picture<'_>, shown: &Shown<'_>, disclosure: Disclosure, bother: u8) -> Fact {
    Fact {
        id: shown.finding.id.clone(),
        topic: topic(shown.finding),
        also: Vec::new(),
        present: true,
        disclosure,
        bother,
        tells: said(picture, &shown.edge.tells, shown.variant)
            .or_else(|| variant(&shown.edge.tells, shown.variant))
            .unwrap_or_default(),
        brief: Some(both("Yes.", "有。")),
        variants: BilingualList::default(),
        source: disease_edge(picture.disease, TopicKind::Finding, &shown.finding.id),
    }
}

fn facets(picture: &Picture<'_>, shown: &Shown<'_>, most: usize) -> Vec<Fact> {
    let told =
        shown.edge.facets.iter().filter_map(|(facet, texts)| Some((*facet, said(picture, texts, shown.variant)?)));
    told.take(most)
        .map(|(facet, tells)| Fact {
            id: format!("{}-{facet}", shown.finding.id),
            topic: topic(shown.finding).with_facet(facet),
            also: Vec::new(),
            present: true,
            disclosure: if facet == Facet::Onset && is_complaint(picture, shown) {
                Disclosure::OpenQuestion
            } else {
                Disclosure::Asked
            },
            bother: 3,
            tells,
            brief: None,
            variants: BilingualList::default(),
            source: disease_edge(picture.disease, TopicKind::Finding, &shown.finding.id),
        })
        .collect()
}

fn is_complaint(picture: &Picture<'_>, shown: &Shown<'_>) -> bool {
    shown.finding.id == picture.complaint.finding.id
}

/// Said of the complaint where the disease's edge has no words for an attribute everybody asks for:
/// true of any illness, and no argument for one.
const UNWRITTEN: [(Facet, &str, &str); 4] = [
    (Facet::Severity, "It bothers me all day, though I can bear it.", "一天到晚都难受，不过还忍得住。"),
    (Facet::Aggravating, "Nothing I've noticed makes it worse.", "没发现有什么会加重。"),
    (Facet::Relieving, "I've found nothing that helps.", "没发现有什么能缓解的。"),
    (Facet::Trigger, "Nothing that I can think of.", "想不起有什么原因。"),
];

/// What a patient can say of their complaint though the graph does not. Of when it began only what it
/// says of something that came with it, or for a rare disease that years of it are usual.
fn unwritten(picture: &Picture<'_>, complaint: &Shown<'_>) -> Vec<Fact> {
    if picture.by_carer() {
        return Vec::new();
    }
    let lacks = |facet: Facet| complaint.finding.facets.contains(&facet) && !complaint.edge.facets.contains_key(&facet);
    let onset = || {
        let of_other = picture.symptoms.iter().find_map(|shown| Some((shown, shown.edge.facets.get(&Facet::Onset)?)));
        match of_other {
            Some((shown, texts)) => said(picture, texts, shown.variant),
            None if picture.graph.disease(&picture.disease.id).is_none() => {
                Some(both("It came on slowly; I couldn't name the day.", "是慢慢起来的，说不清哪一天。"))
            }
            None => None,
        }
    };
    let plain = UNWRITTEN.into_iter().filter(|(facet, ..)| lacks(*facet)).map(|(facet, en, zh)| (facet, both(en, zh)));
    let onset = lacks(Facet::Onset).then(onset).flatten().map(|tells| (Facet::Onset, tells));
    onset
        .into_iter()
        .chain(plain)
        .map(|(facet, tells)| Fact {
            id: format!("{}-{facet}", complaint.finding.id),
            topic: topic(complaint.finding).with_facet(facet),
            also: Vec::new(),
            present: true,
            disclosure: Disclosure::Asked,
            bother: 2,
            tells,
            brief: None,
            variants: BilingualList::default(),
            source: disease_edge(picture.disease, TopicKind::Finding, &complaint.finding.id),
        })
        .collect()
}

/// The text numbered `index`, or the first one after it that fits: "it came with the pain" is not
/// said by a patient without pain.
fn said(picture: &Picture<'_>, texts: &BilingualList, index: usize) -> Option<Bilingual> {
    let in_pain = picture.present().any(|shown| shown.finding.id.contains("pain") || shown.finding.id == "headache");
    let mut candidates = (index..index + texts.en.len()).filter_map(|index| variant(texts, index));
    candidates.find(|text| (in_pain || !speaks_of_pain(text)) && !(picture.is_old() && speaks_of_youth(text)))
}

/// Words of school, sport and a young body, which the old do not use of themselves.
const YOUTH: [&str; 10] =
    ["training", "school", "lesson", "lecture", "college", "football", "gym", "exam", "homework", "playing field"];

fn speaks_of_youth(text: &Bilingual) -> bool {
    let en = text.en.to_lowercase();
    YOUTH.iter().any(|word| en.contains(word))
}

fn speaks_of_pain(text: &Bilingual) -> bool {
    let en = text.en.to_lowercase();
    en.contains("the pain") || en.contains(" with it") || text.zh.contains(['疼', '痛'])
}

/// Facts about what the patient does not have, the most telling first: what the diseases it is
/// confused with would show.
pub(super) fn absent(picture: &Picture<'_>, room: usize) -> Vec<Fact> {
    let count = room.clamp(DENIED.0, DENIED.1);
    telling_absences(picture).into_iter().take(count).map(|absence| denied(&absence, picture.by_carer())).collect()
}

/// A finding worth denying.
pub(super) struct Absence<'g> {
    pub(super) finding: &'g Finding,
    /// The disease that would show it.
    pub(super) would_show: &'g Disease,
    pub(super) power: f64,
}

/// Every finding worth denying, the most telling first.
pub(super) fn telling_absences<'g>(picture: &Picture<'g>) -> Vec<Absence<'g>> {
    let mut found: BTreeMap<&str, Absence<'g>> = BTreeMap::new();
    for (edge, mimic) in picture.differential() {
        for shows in mimic.presents_with.iter().filter(|shows| !shows.excluded) {
            let Some(finding) = picture.graph.finding(&shows.finding).filter(|finding| picture.deniable(finding))
            else {
                continue;
            };
            let needed = NEEDS.iter().find(|(id, _)| *id == finding.id).map(|(_, needed)| *needed);
            if is_own(picture, finding) || needed.is_some_and(|needed| !picture.has(&[needed])) {
                continue;
            }
            let separates = edge.topics.iter().any(|asked| asked.node() == topic(finding));
            let power = power_of_absence(picture, mimic, finding) * if separates { 2.0 } else { 1.0 };
            add(&mut found, Absence { finding, would_show: mimic, power });
        }
    }
    if found.len() < DENIED.0 {
        add_alarms(picture, &mut found);
    }
    let mut ranked: Vec<Absence<'g>> = found.into_values().filter(|absence| absence.power > 0.0).collect();
    ranked.sort_by(|a, b| b.power.total_cmp(&a.power).then_with(|| a.finding.id.cmp(&b.finding.id)));
    without_kin(picture.graph, ranked)
}

/// Symptoms of the same body system that some other disease shows, alarm symptoms first: for a
/// disease whose differentials the graph does not describe.
fn add_alarms<'g>(picture: &Picture<'g>, found: &mut BTreeMap<&'g str, Absence<'g>>) {
    for finding in picture.graph.findings().filter(|finding| finding.system == picture.complaint.finding.system) {
        let own = picture.share_in(picture.disease, &finding.id).is_some();
        if own || found.contains_key(finding.id.as_str()) || !picture.deniable(finding) {
            continue;
        }
        if let Some((would_show, _)) = picture.graph.diseases_with(&finding.id).next() {
            let power = if finding.red_flag { 0.02 } else { 0.01 };
            found.insert(&finding.id, Absence { finding, would_show, power });
        }
    }
}

/// Whether the disease itself often shows it: the patient may well have it without knowing, and what
/// they say of the complaint may imply it.
fn is_own(picture: &Picture<'_>, finding: &Finding) -> bool {
    picture.share_in(picture.disease, &finding.id).is_some_and(|share| share >= OFTEN)
}

fn add<'g>(found: &mut BTreeMap<&'g str, Absence<'g>>, absence: Absence<'g>) {
    let known = found.entry(absence.finding.id.as_str());
    known.and_modify(|other| other.power += absence.power.max(0.0)).or_insert(absence);
}

fn power_of_absence(picture: &Picture<'_>, mimic: &Disease, finding: &Finding) -> f64 {
    let there = picture.share_in(mimic, &finding.id).unwrap_or(0.0);
    let here = picture.share_in(picture.disease, &finding.id).unwrap_or(finding.background.unwrap_or(BACKGROUND));
    let urgency = if mimic.dangerous { 1.5 } else { 1.0 };
    (there - here).max(0.0) * urgency + if finding.red_flag { 0.3 } else { 0.0 }
}

/// Of a finding and its broader form only the more telling is denied.
fn without_kin<'g>(graph: &Graph, ranked: Vec<Absence<'g>>) -> Vec<Absence<'g>> {
    let mut kept: Vec<Absence<'g>> = Vec::new();
    for absence in ranked {
        let next = topic(absence.finding);
        let kin = |other: &Absence<'_>| {
            let other = topic(other.finding);
            graph.is_a(&other, &next) || graph.is_a(&next, &other)
        };
        if !kept.iter().any(kin) {
            kept.push(absence);
        }
    }
    kept
}

fn denied(absence: &Absence<'_>, by_carer: bool) -> Fact {
    let finding = absence.finding;
    Fact {
        id: format!("no-{}", finding.id),
        topic: topic(finding),
        also: Vec::new(),
        present: false,
        disclosure: Disclosure::Asked,
        bother: 1,
        tells: finding
            .absent
            .clone()
            .filter(|said| !(by_carer && carer::is_own_voice(said)))
            .unwrap_or_else(|| denial(finding)),
        brief: Some(both("No.", "没有。")),
        variants: BilingualList::default(),
        source: disease_edge(absence.would_show, TopicKind::Finding, &finding.id),
    }
}

/// A denial for a finding whose node gives none: the lay word, echoed as a question ("Dizzy? No."),
/// which is right whatever part of speech it is.
fn denial(finding: &Finding) -> Bilingual {
    let impersonal = |word: &&String| !carer::is_own_voice(&both(word.as_str(), word.as_str()));
    let word = finding.lay.en.iter().find(impersonal).unwrap_or(&finding.name.en);
    let word_zh = finding.lay.zh.iter().find(impersonal).unwrap_or(&finding.name.zh);
    both(format!("{}? No.", capital(word)), format!("{word_zh}？没有。"))
}

/// The section in which a symptom that is not the complaint is asked.
pub(super) fn section(finding: &Finding) -> Section {
    match finding.section {
        None | Some(Section::PresentingComplaint | Section::PresentIllness) => Section::AssociatedSymptoms,
        Some(section) => section,
    }
}
