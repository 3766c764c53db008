//! The vectors of the patients that were talked to last.

use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use cases::format::Case;
use knowledge_graph::{Graph, Language};

use super::{Aims, hearing::Ears, texts};
use crate::{encounter::knowledge::Knowledge, understanding::Matcher};

/// Patients kept, each in one language: about half a megabyte each.
const MOST_KEPT: usize = 64;

/// Vectors of patients by their texts, those used last in front.
#[derive(Default)]
pub(in crate::encounter) struct AimsOfCases(Mutex<VecDeque<(u64, Arc<Place>)>>);

/// Filled by whoever needs it first; others wait for it.
type Place = Mutex<Option<Arc<Aims>>>;

impl AimsOfCases {
    /// The vectors of `case`; none without an embedder. Blocking: some hundred short texts are embedded
    /// the first time this machine meets the case.
    pub(in crate::encounter) fn of(
        &self,
        case: &Case,
        graph: &Graph,
        language: Language,
        matcher: &Matcher,
    ) -> Option<Arc<Aims>> {
        matcher.embedder()?;
        let texts = texts(case, &Knowledge::new(case, graph), graph, language);
        let mut hasher = DefaultHasher::new();
        texts.hash(&mut hasher);
        let place = self.place(hasher.finish());
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_none() {
            let all: Vec<&str> =
                texts.iter().flat_map(|(_, kinds)| kinds.iter().flatten()).map(String::as_str).collect();
            let ears = || Ears::new(case, &Knowledge::new(case, graph), graph, (matcher, language));
            *place = matcher.embed_kept(&all).map(|vectors| Arc::new(Aims::new(&texts, &vectors, ears())));
        }
        place.clone()
    }

    fn place(&self, key: u64) -> Arc<Place> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|(known, _)| *known == key).and_then(|at| kept.remove(at));
        let entry = known.unwrap_or_else(|| (key, Arc::default()));
        let place = Arc::clone(&entry.1);
        kept.push_front(entry);
        kept.truncate(MOST_KEPT);
        place
    }
}
