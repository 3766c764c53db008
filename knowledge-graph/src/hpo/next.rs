//! Which question would tell most, over the core and the rare layer together.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Chance, Join, RareOptions, TermId,
    differential::joint,
    evidence::{Known, rates},
    profile::{Probe, Said},
};
use crate::{
    TopicId, TopicKind,
    format::FindingKind,
    query::{
        Patient, Presence,
        differential::with_implied,
        information::{Believed, NEGLIGIBLE, believed, candidates, entropy, is_symptom},
        likelihood::{Lens, UNKNOWN_EXCLUSION, reference, within},
    },
};

/// A question worth asking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RareQuestion {
    /// The core symptom, when it is one.
    pub topic: Option<TopicId>,
    /// The HPO term, when it is one.
    pub term: Option<TermId>,
    /// Expected drop of uncertainty about the diagnosis, in bits; never negative.
    pub information_gain_bits: f64,
    /// Probability that the patient has it.
    pub expected_present: f64,
}

/// Findings not yet known that a patient can be asked about (core symptoms, and what HPO has
/// narrower than one, with lay words), most telling first; the mutual information of answer and
/// diagnosis.
pub fn rare_next_questions(
    join: &Join<'_>,
    topics: &[(TopicId, Presence)],
    terms: &[(TermId, Presence)],
    patient: Option<Patient>,
    options: &RareOptions,
) -> Vec<RareQuestion> {
    let known = Known::new(join, topics, terms, patient);
    let joint = joint(join, &known, patient, options);
    let lens = Lens { graph: join.graph, patient, options: &options.core };
    let implied = with_implied(join.graph, &known.topics);
    let mut posteriors = joint.core.differential.posteriors;
    for posterior in &mut posteriors {
        posterior.probability *= joint.core_share;
    }
    let core = believed(&lens, &posteriors, &implied);
    let rare: Vec<(usize, f64)> =
        joint.rare.into_iter().filter(|(_, probability)| *probability >= NEGLIGIBLE).collect();
    let room = Room { join, lens, core, rare, patient };
    let mut questions: Vec<RareQuestion> = room
        .asked(&known, &implied)
        .into_iter()
        .map(|question| room.weigh(question))
        .filter(|question| question.information_gain_bits > 0.0)
        .collect();
    questions.sort_by(|a, b| b.information_gain_bits.total_cmp(&a.information_gain_bits));
    questions
}

/// What may still be asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    finding: Option<String>,
    term: Option<u16>,
}

struct Room<'a> {
    join: &'a Join<'a>,
    lens: Lens<'a>,
    core: Vec<Believed<'a>>,
    rare: Vec<(usize, f64)>,
    patient: Option<Patient>,
}

impl Room<'_> {
    fn asked(&self, known: &Known<'_>, implied: &[(TopicId, Presence)]) -> BTreeSet<Asked> {
        let join = self.join;
        let of_core = candidates(join.graph, &self.core, implied, is_symptom);
        let mut all: BTreeSet<Asked> = of_core
            .into_iter()
            .map(|finding| Asked { term: join.places.get(finding.as_str()).copied(), finding: Some(finding) })
            .collect();
        let entries = self.rare.iter().flat_map(|(at, _)| join.layer.profiles().entries.of(*at));
        let terms: BTreeSet<u16> = entries.map(|entry| entry.term).collect();
        let of_symptoms = join.narrower_than_symptoms();
        for term in terms.into_iter().filter(|term| !known.items.iter().any(|item| item.term == *term)) {
            let finding = join.findings.get(&term).and_then(|findings| findings.first()).copied();
            let topic = finding.map(|finding| TopicId::new(TopicKind::Finding, finding));
            if topic.is_some_and(|topic| implied.iter().any(|(other, _)| *other == topic)) {
                continue;
            }
            let symptom = finding.and_then(|finding| join.graph.finding(finding)).map(|node| node.kind);
            let lay = || super::Term { layer: join.layer, at: term }.lay().next().is_some();
            let can_be_asked = || of_symptoms.contains(&term) && lay();
            if symptom.map_or_else(can_be_asked, |kind| kind == FindingKind::Symptom) {
                all.insert(Asked { finding: finding.map(str::to_owned), term: Some(term) });
            }
        }
        all
    }

    fn weigh(&self, Asked { finding, term }: Asked) -> RareQuestion {
        let silent = match (&finding, term) {
            (Some(finding), _) => reference(self.join.graph, finding).silent,
            (None, Some(term)) => rates(self.join, term).1,
            (None, None) => 0.0,
        };
        let of_core = self.core.iter().map(|disease| {
            let rate = finding.as_ref().map_or(silent, |finding| disease.rate(&self.lens, finding, silent));
            (disease.probability, rate)
        });
        let probe = term.map(|term| (term, Probe::new(self.join.layer, term, self.patient.map(|patient| patient.sex))));
        let of_rare = self.rare.iter().map(|(at, probability)| {
            let said = probe.as_ref().map_or(Said::Nothing, |(term, probe)| probe.ask(*term, *at));
            (*probability, chance(said, silent))
        });
        let (mut present, mut conditional, mut rest) = (0.0, 0.0, 1.0);
        for (probability, rate) in of_core.chain(of_rare) {
            present += probability * rate;
            conditional += probability * entropy(rate);
            rest -= probability;
        }
        let rest = f64::max(rest, 0.0);
        present += rest * silent;
        conditional += rest * entropy(silent);
        RareQuestion {
            topic: finding.map(|finding| TopicId::new(TopicKind::Finding, &finding)),
            term: term.map(|at| super::Term { layer: self.join.layer, at }.id()),
            // Jensen's inequality; only rounding can make it negative.
            information_gain_bits: (entropy(present.clamp(0.0, 1.0)) - conditional).max(0.0),
            expected_present: present,
        }
    }
}

/// Probability of a finding in a disease that says this about it.
fn chance(said: Said, silent: f64) -> f64 {
    within(match said {
        Said::Itself(_, Chance::Known(share)) => share,
        Said::Itself(_, Chance::Unknown) => Chance::Unknown.assumed().max(silent),
        Said::Itself(_, Chance::Excluded) => UNKNOWN_EXCLUSION * silent,
        Said::Broader(_, ratio) => silent * ratio,
        Said::Nothing => silent,
    })
}
