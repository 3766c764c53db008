//! Questions that were not asked, and what they would have done.

use std::collections::BTreeSet;

use cases::format::Fact;
use knowledge_graph::{
    TopicId,
    query::{self, Mover, Presence},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{SourceNote, items::source_note},
    Scene,
    course::Belief,
};

/// Questions shown.
const SHOWN: usize = 3;
/// Questions weighed: the most informative on average is not always what moves belief furthest.
const WEIGHED: usize = 8;
/// Share of belief below which a question is not worth naming.
const WORTH_ASKING: f64 = 0.02;

/// A question that was not asked.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Unasked {
    /// The symptom.
    #[schema(value_type = String)]
    pub topic: TopicId,
    /// Its name.
    pub name: String,
    /// A way to ask it.
    pub question: Option<String>,
    /// Probability, before asking, that the patient has it.
    pub expected_present: f64,
    /// Share of belief the answer was expected to move, 0–1.
    pub expected_moved: f64,
    /// Whether this patient has it.
    pub present: bool,
    /// Share of belief this patient's answer would have moved, 0–1.
    pub actual_moved: f64,
    /// What this patient's answer would have done, largest change first.
    pub beliefs: Vec<Belief>,
    /// The ratios it rests on, of the diseases in `beliefs` that mention it.
    pub ratios: Vec<Ratio>,
}

/// Likelihood ratios of a finding for one disease.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Ratio {
    /// The disease.
    pub name: String,
    /// If the patient has it.
    pub present: Option<f64>,
    /// If not.
    pub absent: Option<f64>,
    /// Whether they were reckoned from frequencies instead of published.
    pub derived: bool,
    /// Where the numbers come from.
    pub source: Option<SourceNote>,
}

/// Of symptoms that were not asked about those that move belief most, as far as a disease that is
/// worth thinking of here has them: what the case lists, what is dangerous, what the student named.
/// A cough tells influenza from gout, yet nobody would ask for it beside a painful toe.
pub(super) fn unasked(scene: &Scene<'_>, thought_of: &BTreeSet<&str>) -> Vec<Unasked> {
    let (graph, patient) = (scene.graph(), Some(scene.patient));
    let of_any = |topic: &TopicId| {
        let mut diseases = graph.diseases_with(topic.name()).map(|(disease, _)| disease.id.as_str());
        diseases.any(|disease| thought_of.contains(disease))
    };
    let mut questions = query::next_questions(graph, &scene.evidence, patient, &scene.options);
    questions.retain(|question| of_any(&question.topic) && !scene.asked(&question.topic));
    questions.truncate(WEIGHED);
    let mut movers = query::tried(graph, &scene.evidence, patient, &scene.options, questions);
    movers.retain(|mover| mover.expected() >= WORTH_ASKING);
    movers.iter().take(SHOWN).map(|mover| missed(scene, mover)).collect()
}

fn missed(scene: &Scene<'_>, mover: &Mover) -> Unasked {
    let presence = answer(scene, &mover.topic);
    let shift = if presence == Presence::Present { &mover.present } else { &mover.absent };
    Unasked {
        topic: mover.topic.clone(),
        name: scene.name(&mover.topic),
        question: scene.question(&mover.topic),
        expected_present: mover.expected_present,
        expected_moved: mover.expected(),
        present: presence == Presence::Present,
        actual_moved: shift.moved,
        beliefs: shift
            .beliefs
            .iter()
            .map(|belief| Belief {
                name: scene.disease_name(&belief.disease),
                before: belief.before,
                after: belief.after,
            })
            .collect(),
        ratios: ratios(scene, &mover.topic, shift.beliefs.iter().map(|belief| belief.disease.as_str())),
    }
}

/// What this patient would have said: what the case does not have is denied.
fn answer(scene: &Scene<'_>, topic: &TopicId) -> Presence {
    let facts: Vec<&Fact> = cases::answering(&scene.case().facts, topic, scene.graph());
    if facts.iter().any(|fact| fact.present) { Presence::Present } else { Presence::Absent }
}

fn ratios<'d>(scene: &Scene<'_>, topic: &TopicId, diseases: impl Iterator<Item = &'d str>) -> Vec<Ratio> {
    let alone = |presence| scene.differential(&[(topic.clone(), presence)]);
    let (with, without) = (alone(Presence::Present), alone(Presence::Absent));
    let of = |all: &query::Differential, disease: &str| {
        let mut counted = all.of(disease)?.contributions.iter();
        counted.find(|one| one.topic == *topic && !one.silent).cloned()
    };
    diseases
        .filter_map(|disease| {
            let (present, absent) = (of(&with, disease), of(&without, disease));
            let either = present.as_ref().or(absent.as_ref())?;
            Some(Ratio {
                name: scene.disease_name(disease),
                derived: either.derived,
                source: either.source.as_deref().and_then(|id| source_note(scene.graph(), id)),
                present: present.as_ref().map(|one| one.lr),
                absent: absent.as_ref().map(|one| one.lr),
            })
        })
        .collect()
}
