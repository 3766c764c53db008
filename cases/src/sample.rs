//! Many generated cases at once: whether all are sound, and who the patients are.

use std::collections::BTreeMap;

use knowledge_graph::Graph;
use serde::Serialize;

use crate::{
    format::{Case, Level, Sex},
    generation::{GenerateError, Request, generate},
    standing::standing,
};

/// What came of many requests. Every count is of cases; the maps count by what they are named for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sample {
    /// Cases made; each passed the checks.
    pub made: usize,
    /// Requests that made none, with the reason.
    pub failed: Vec<String>,
    /// Cases told by a carer, the patient being too young.
    pub by_carer: usize,
    /// Cases whose own findings put their diagnosis first.
    pub first: usize,
    /// Cases whose own findings put it among the first three.
    pub in_first_three: usize,
    /// Diseases whose cases were most often not first, with how often.
    pub not_first: BTreeMap<String, usize>,
    /// By age, in decades: `30` is 30–39.
    pub age: BTreeMap<u8, usize>,
    /// By sex.
    pub sex: BTreeMap<&'static str, usize>,
    /// By occupation.
    pub occupation: BTreeMap<String, usize>,
    /// By manner of speaking.
    pub persona: BTreeMap<String, usize>,
    /// By name.
    pub name: BTreeMap<String, usize>,
}

/// Makes `count` cases: every disease in turn, every third with a comorbidity the graph knows, all
/// levels, seeds from `seed` on. `made` is called after every case.
pub fn sample(graph: &Graph, count: usize, seed: u64, mut made: impl FnMut()) -> Sample {
    let diseases: Vec<_> = graph.diseases().collect();
    let mut sample = Sample::default();
    for index in 0..count {
        let disease = diseases[index % diseases.len()];
        let number = u64::try_from(index).unwrap_or(u64::MAX);
        let comorbidity = disease.comorbidity.get(index % disease.comorbidity.len().max(1)).filter(|_| index % 3 == 0);
        let request = Request {
            disease: disease.id.clone(),
            comorbidities: comorbidity.map(|other| other.disease.clone()).into_iter().collect(),
            age: None,
            sex: None,
            level: [Level::Introductory, Level::Intermediate, Level::Advanced][index % 3],
            style: None,
            language: None,
            seed: seed.wrapping_add(number) % crate::MAX_SEED,
        };
        match generate(graph, &request) {
            Ok(case) => sample.count(&case, graph),
            Err(error) => sample.failed.push(described(&request, &error)),
        }
        made();
    }
    sample
}

fn described(request: &Request, error: &GenerateError) -> String {
    format!("{} {:?} seed {}: {error}", request.disease, request.comorbidities, request.seed)
}

impl Sample {
    fn count(&mut self, case: &Case, graph: &Graph) {
        self.made += 1;
        self.by_carer += usize::from(case.patient.spokesperson.is_some());
        if let Some(standing) = standing(case, graph) {
            self.first += usize::from(standing.rank == 1);
            self.in_first_three += usize::from(standing.rank <= 3);
            if standing.rank > 1 {
                *self.not_first.entry(standing.disease).or_default() += 1;
            }
        }
        *self.age.entry(case.patient.age / 10 * 10).or_default() += 1;
        *self.sex.entry(if case.patient.sex == Sex::Female { "female" } else { "male" }).or_default() += 1;
        *self.occupation.entry(case.patient.occupation.en.clone()).or_default() += 1;
        *self.persona.entry(format!("{:?}", case.persona.style)).or_default() += 1;
        *self.name.entry(case.patient.name.en.clone()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patients_are_of_all_kinds_and_their_findings_fit() {
        let graph = Graph::embedded().unwrap();

        let sample = sample(graph, 300, 1, || ());

        assert_eq!(sample.failed, Vec::<String>::new());
        assert_eq!(sample.made, 300);
        assert!(sample.by_carer >= 5, "{}", sample.by_carer);
        let share = |count: usize| count as f64 / sample.made as f64;
        assert!(share(sample.first) > 0.85, "{} first; not: {:?}", sample.first, sample.not_first);
        assert!(share(sample.sex["female"]) > 0.35 && share(sample.sex["male"]) > 0.35, "{:?}", sample.sex);
        assert!(sample.age.len() >= 7, "{:?}", sample.age);
        assert!(sample.occupation.len() >= 20, "{:?}", sample.occupation);
        assert!(sample.occupation.values().all(|count| share(*count) < 0.25), "{:?}", sample.occupation);
        assert!(sample.name.len() >= 280, "{} names", sample.name.len());
        assert!(sample.name.values().all(|count| *count <= 3), "{:?}", sample.name);
        assert!(sample.persona.contains_key("HardOfHearing"), "{:?}", sample.persona);
    }
}
