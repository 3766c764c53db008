//! What is known of each learner: taken in from what was graded, and summed up.
//!
//! The graded occasions in the store are the only truth. A finished consultation is taken in at once;
//! one that was not (the program was older, or stopped, or an examiner has decided since) is taken in
//! when its student is next looked at.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use cases::Case;
use jiff::{SignedDuration, Timestamp};
use knowledge_graph::{Graph, TopicId};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    assessment::{Report, conduct::Judgement},
    catalogue::{Catalogue, CatalogueError},
    debrief::{exchange_of_turn, note_judgements},
    learner::{
        Candidate, Difficulties, GUESS_IN_CONSULTATION, Map, Observation, Parameters, Placed, Review, Skill,
        SkillObservation, Source, Standing, Suggestion, map, reviews, shows_recall, skills, suggestions, system_of,
    },
    moderation::{ModerationError, counting_report},
    store::{EncounterRecord, EncounterState, HintRecord, MasteryRecord, Observed, Store, StoreError, TurnRecord},
};

/// Difficulties of the class's topics move slowly; they are counted anew after this long.
const COUNTED_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Why nothing can be said of a learner.
#[derive(Debug, Error)]
pub enum LearningError {
    /// A case cannot be read.
    #[error(transparent)]
    Case(#[from] CatalogueError),
    /// A report cannot be read.
    #[error(transparent)]
    Report(#[from] ModerationError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in what was graded.
pub struct Learning {
    store: Store,
    graph: &'static Graph,
    parameters: Parameters,
    difficulties: Mutex<Option<(Timestamp, Arc<Difficulties>)>>,
}

/// Everything that is known of one learner at one moment.
pub struct Known {
    /// What was graded, oldest first.
    pub evidence: Vec<Placed>,
    /// How consultations were held, oldest first.
    pub judged: Vec<SkillObservation>,
    /// When this is looked at.
    pub now: Timestamp,
    parameters: Parameters,
    difficulties: Arc<Difficulties>,
}

/// What follows from it.
pub struct Picture {
    /// Body systems × sections.
    pub map: Map,
    /// What is to be reviewed, soonest first.
    pub reviews: Vec<Review>,
    /// Skills beyond the checklist.
    pub skills: Vec<Skill>,
    /// What to do next, the best first.
    pub next: Vec<Suggestion>,
}

impl Known {
    /// The model after all of it.
    pub fn standing(&self) -> Standing<'_> {
        Standing::new(&self.evidence, (&self.parameters, &self.difficulties), self.now)
    }

    /// The map, what is due and what to do next, for a learner who could see `candidates`.
    pub fn picture(&self, candidates: &[Candidate], declined: &[String]) -> Picture {
        let mut standing = self.standing();
        let patients: Vec<_> = candidates.iter().map(|candidate| candidate.wanted.clone()).collect();
        let (map, reviews) = (map(&mut standing, &patients), reviews(&self.evidence));
        let next = suggestions(&mut standing, (candidates, &map, &reviews), declined, self.now);
        Picture { skills: skills(&self.judged, self.now), next, map, reviews }
    }
}

impl Learning {
    /// For the learners of `store`.
    pub fn new(store: Store, graph: &'static Graph) -> Self {
        Self { store, graph, parameters: Parameters::default(), difficulties: Mutex::default() }
    }

    /// Takes in a consultation that has just been finished, as its report counts.
    pub async fn take_in(&self, encounter: &EncounterRecord, case: &Case, now: Timestamp) -> Result<(), LearningError> {
        let observed = self.observed(encounter, case).await?;
        self.keep(encounter.student, vec![observed], now).await
    }

    /// Takes in what a drill or a review graded.
    pub async fn observe(
        &self,
        student: Uuid,
        observations: Vec<Observation>,
        now: Timestamp,
    ) -> Result<(), LearningError> {
        let placed = |observation: Observation| {
            let system = system_of(self.graph, &observation.topic);
            Placed { observation, system }
        };
        self.observe_placed(student, observations.into_iter().map(placed).collect(), now).await
    }

    /// The same, when the patient's body system is known.
    pub async fn observe_placed(
        &self,
        student: Uuid,
        placed: Vec<Placed>,
        now: Timestamp,
    ) -> Result<(), LearningError> {
        let sum_up = self.sum_up(now).await?;
        Ok(self.store.keep_drilled(student, placed, sum_up).await?)
    }

    /// Everything known of a learner; what was not taken in is taken in first.
    pub async fn known(&self, catalogue: &Catalogue, student: Uuid, now: Timestamp) -> Result<Known, LearningError> {
        self.catch_up(catalogue, student, now).await?;
        Ok(Known {
            evidence: self.store.observations(student).await?,
            judged: self.store.skill_observations(student).await?,
            now,
            parameters: self.parameters.clone(),
            difficulties: self.difficulties(now).await?,
        })
    }

    /// Takes in what was not yet taken in, of every student.
    pub async fn catch_up_class(&self, catalogue: &Catalogue, now: Timestamp) -> Result<(), LearningError> {
        for student in self.store.students_unobserved().await? {
            self.catch_up(catalogue, student, now).await?;
        }
        Ok(())
    }

    async fn catch_up(&self, catalogue: &Catalogue, student: Uuid, now: Timestamp) -> Result<(), LearningError> {
        let mut all = Vec::new();
        for encounter in self.store.unobserved(student).await? {
            let Some(case) = catalogue.case(&encounter.case_id, encounter.case_version).await? else { continue };
            all.push(self.observed(&encounter, &case).await?);
        }
        if all.is_empty() { Ok(()) } else { self.keep(student, all, now).await }
    }

    async fn keep(&self, student: Uuid, observed: Vec<Observed>, now: Timestamp) -> Result<(), LearningError> {
        let sum_up = self.sum_up(now).await?;
        Ok(self.store.keep_observed(student, observed, sum_up).await?)
    }

    async fn sum_up(
        &self,
        now: Timestamp,
    ) -> Result<impl FnOnce(&[Placed]) -> Vec<MasteryRecord> + Send + 'static, LearningError> {
        let (parameters, difficulties) = (self.parameters.clone(), self.difficulties(now).await?);
        Ok(move |evidence: &[Placed]| records(evidence, (&parameters, &difficulties), now))
    }

    async fn observed(&self, encounter: &EncounterRecord, case: &Case) -> Result<Observed, LearningError> {
        let (report, _) = counting_report(&self.store, encounter, case).await?;
        let turns = self.store.turns(encounter.id).await?;
        let report = unaided_part(report, case, &turns, &self.store.hints(encounter.id).await?);
        Ok(observed(encounter, case, &report, self.graph))
    }

    async fn difficulties(&self, now: Timestamp) -> Result<Arc<Difficulties>, LearningError> {
        let kept = self.difficulties.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((counted, difficulties)) = kept
            && now.duration_since(counted) < COUNTED_FOR
        {
            return Ok(difficulties);
        }
        let counted = Arc::new(Difficulties::of_class(&self.store.tallies().await?));
        let mut kept = self.difficulties.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((now, Arc::clone(&counted)));
        Ok(counted)
    }
}

/// The report without the items that were asked with a full hint at hand: they show no recall.
fn unaided_part(mut report: Report, case: &Case, turns: &[TurnRecord], hints: &[HintRecord]) -> Report {
    let exchanges = exchange_of_turn(turns);
    report.items.retain(|graded| {
        let first = graded.evidence.iter().filter_map(|evidence| exchanges.get(evidence.turn)).min();
        let item = case.rubric.iter().find(|item| item.id == graded.id);
        item.is_none_or(|item| !graded.asked || shows_recall(item, first.copied(), hints))
    });
    report
}

/// What a finished consultation says of its student. Items sent to an examiner say nothing yet.
fn observed(encounter: &EncounterRecord, case: &Case, report: &Report, graph: &Graph) -> Observed {
    let EncounterState::Finished { at, diagnoses, .. } = &encounter.state else {
        return Observed { encounter: encounter.id, occasions: Vec::new(), skills: Vec::new() };
    };
    let placed = |item: &crate::assessment::ItemReport| {
        let wanted = case.rubric.iter().find(|one| one.id == item.id)?;
        let observation = Observation {
            topic: wanted.topics.first()?.clone(),
            section: wanted.section,
            correct: item.asked,
            guess: GUESS_IN_CONSULTATION,
            source: Source::Encounter(encounter.id),
            at: *at,
        };
        Some(Placed { observation, system: case.system.clone() })
    };
    let note = note_judgements(case, graph, diagnoses, encounter.language);
    let skill = |one: &Judgement| {
        let share = f64::from(one.level?) / f64::from(one.most.max(1));
        let area = one.area.as_str().to_owned();
        Some(SkillObservation { rule: one.id.clone(), area, share, encounter: encounter.id, at: *at })
    };
    Observed {
        encounter: encounter.id,
        occasions: report.items.iter().filter(|item| !item.needs_review).filter_map(placed).collect(),
        skills: report.conduct.judgements.iter().chain(&note).filter_map(skill).collect(),
    }
}

/// One record a topic, as lists and a class's overview read it.
fn records(evidence: &[Placed], class: (&Parameters, &Difficulties), now: Timestamp) -> Vec<MasteryRecord> {
    let mut standing = Standing::new(evidence, class, now);
    let mut by_topic: BTreeMap<&TopicId, MasteryRecord> = BTreeMap::new();
    for Placed { observation: seen, system } in evidence {
        let record = by_topic.entry(&seen.topic).or_insert_with(|| MasteryRecord {
            topic: seen.topic.clone(),
            section: String::new(),
            mastery: 0.0,
            asked: 0,
            missed: 0,
            last: seen.at,
            last_missed_in: None,
        });
        seen.section.as_str().clone_into(&mut record.section);
        record.mastery = standing.figure(&seen.topic, seen.section, system).estimate.value;
        record.last = seen.at;
        if seen.correct {
            record.asked += 1;
        } else {
            record.missed += 1;
            if let Source::Encounter(id) = seen.source {
                record.last_missed_in = Some(id);
            }
        }
    }
    by_topic.into_values().collect()
}
