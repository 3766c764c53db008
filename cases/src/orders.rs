//! What examining and testing show.

use std::borrow::Cow;

use knowledge_graph::{
    Bilingual, Graph, TopicId, TopicKind,
    format::{Disease, Frequency, Test},
};

use crate::{
    check::only_sex,
    format::{Case, Vitals},
    generation::{NOT_IN_CHILDREN, YOUNGEST, is_lasting},
    problem::both,
};

/// A sign or result this rare in a disease does not make a normal one wrong.
const RARE: f64 = 0.25;

/// The test that shows all vital signs, and the one that shows the oxygen saturation alone.
const VITAL_SIGNS: &str = "vital-signs";
const OXIMETRY: &str = "pulse-oximetry";

/// What ordering `test` (name part of a `test:` node) shows in `case`: the case's own finding or
/// report; else its vital signs; else the test's normal result, unless something the patient has
/// would change it; none when the graph has no such test.
pub fn shown<'a>(case: &'a Case, graph: &'a Graph, test: &str) -> Option<Cow<'a, Bilingual>> {
    let found = case.examinations.iter().find(|examination| examination.test == test).map(|found| &found.finding);
    let reported = || case.results.iter().find(|result| result.test == test).map(|result| &result.report);
    if let Some(own) = found.or_else(reported) {
        return Some(Cow::Borrowed(own));
    }
    let test = graph.test(test)?;
    Some(match measured(&case.vitals, &test.id) {
        Some(measured) => Cow::Owned(measured),
        None if stays_normal(case, graph, &test.id) => Cow::Borrowed(&test.normal),
        None => Cow::Owned(not_recorded()),
    })
}

/// Said of a test whose normal result could be false in this patient.
fn not_recorded() -> Bilingual {
    both("No result is recorded for this patient.", "本例没有记录此项结果。")
}

/// What the vital signs answer.
fn measured(vitals: &Vitals, test: &str) -> Option<Bilingual> {
    let Vitals { temperature_c, pulse_per_min, systolic_mmhg, diastolic_mmhg, .. } = vitals;
    let (breaths, oxygen) = (vitals.respiratory_rate_per_min, vitals.spo2_percent);
    match test {
        OXIMETRY => Some(both(format!("SpO2 {oxygen} %."), format!("血氧饱和度{oxygen}%。"))),
        VITAL_SIGNS => Some(both(
            format!(
                "Temperature {temperature_c:.1} °C, pulse {pulse_per_min} a minute, blood pressure \
                 {systolic_mmhg}/{diastolic_mmhg} mmHg, breathing {breaths} a minute, SpO2 {oxygen} %."
            ),
            format!(
                "体温{temperature_c:.1}℃，脉搏{pulse_per_min}次/分，血压{systolic_mmhg}/{diastolic_mmhg} mmHg，\
                 呼吸{breaths}次/分，血氧饱和度{oxygen}%。"
            ),
        )),
        _ => None,
    }
}

/// The tests that something the patient has would change and the case says nothing of, in the
/// graph's order.
pub(crate) fn unrecorded<'g>(case: &Case, graph: &'g Graph) -> Vec<&'g Test> {
    let recorded = |test: &&Test| {
        case.examinations.iter().any(|one| one.test == test.id)
            || case.results.iter().any(|one| one.test == test.id)
            || measured(&case.vitals, &test.id).is_some()
    };
    let changed = |test: &&Test| conditions(case, graph).flatten().any(|disease| changes(disease, graph, &test.id));
    graph.tests().filter(|test| !recorded(test) && applies(case, graph, &test.id) && changed(test)).collect()
}

/// Whether the test could be done in a patient of this sex and age.
fn applies(case: &Case, graph: &Graph, test: &str) -> bool {
    const FERTILE: std::ops::RangeInclusive<u8> = 10..=55;
    let fits = only_sex(&TopicId::new(TopicKind::Test, test), graph).is_none_or(|sex| sex == case.patient.sex);
    let too_young = case.patient.age < YOUNGEST && NOT_IN_CHILDREN.contains(&test);
    fits && !too_young && (!test.contains("pregnancy") || FERTILE.contains(&case.patient.age))
}

/// Whether nothing known of the patient would change the test. Of a condition that is not in the
/// graph nothing is known.
fn stays_normal(case: &Case, graph: &Graph, test: &str) -> bool {
    case.diagnosis.disease.is_some()
        && conditions(case, graph).all(|disease| disease.is_some_and(|disease| !changes(disease, graph, test)))
}

/// What the patient has now, as far as the graph knows it; another illness that is over shows no more.
fn conditions<'g>(case: &Case, graph: &'g Graph) -> impl Iterator<Item = Option<&'g Disease>> {
    let others = case.diagnosis.comorbidities.iter().map(|id| graph.disease(id));
    let diagnosis = case.diagnosis.disease.iter().map(|id| graph.disease(id));
    diagnosis.chain(others.filter(|disease| disease.is_none_or(is_lasting)))
}

/// Whether `disease` is tested by it, or often shows a sign that it finds.
fn changes(disease: &Disease, graph: &Graph, test: &str) -> bool {
    let finds = |finding: &str| graph.finding(finding).is_some_and(|finding| finding.test.as_deref() == Some(test));
    let often =
        |frequency: Option<&Frequency>| frequency.and_then(Frequency::proportion).is_none_or(|share| share >= RARE);
    disease.tested_by.iter().any(|edge| edge.test == test)
        || disease
            .presents_with
            .iter()
            .any(|edge| !edge.excluded && often(edge.frequency.as_ref()) && finds(&edge.finding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn a_case_shows_its_own_result_and_what_is_normal_otherwise() {
        let graph = Graph::embedded().unwrap();
        let case = &library().unwrap()[0];
        let result = &case.results[0];
        let unrecorded: Vec<&str> = unrecorded(case, graph).iter().map(|test| test.id.as_str()).collect();
        let own = |test: &str| {
            case.examinations.iter().any(|one| one.test == test) || case.results.iter().any(|one| one.test == test)
        };
        let other = graph.tests().find(|test| !own(&test.id) && !unrecorded.contains(&test.id.as_str())).unwrap();

        assert_eq!(shown(case, graph, &result.test), Some(Cow::Borrowed(&result.report)));
        assert_eq!(shown(case, graph, &other.id), Some(Cow::Borrowed(&other.normal)));
        assert_eq!(shown(case, graph, "no-such-test"), None);
    }

    #[test]
    fn a_test_the_disease_changes_is_never_shown_as_normal() {
        let graph = Graph::embedded().unwrap();
        let mut case = library().unwrap().iter().find(|case| case.diagnosis.disease.is_some()).unwrap().clone();
        let disease = graph.disease(case.diagnosis.disease.as_ref().unwrap()).unwrap();
        let test = disease.tested_by[0].test.clone();
        case.results.retain(|result| result.test != test);
        case.examinations.retain(|examination| examination.test != test);

        assert_eq!(shown(&case, graph, &test), Some(Cow::Owned(not_recorded())));
        assert!(unrecorded(&case, graph).iter().any(|one| one.id == test));
    }

    #[test]
    fn the_vital_signs_are_those_of_the_door_note() {
        let graph = Graph::embedded().unwrap();
        let mut case = library().unwrap()[0].clone();
        case.vitals.spo2_percent = 87;

        assert_eq!(shown(&case, graph, OXIMETRY).unwrap().en, "SpO2 87 %.");
    }

    #[test]
    fn nothing_is_called_normal_in_a_patient_whose_disease_is_unknown() {
        let graph = Graph::embedded().unwrap();
        let mut case = library().unwrap()[0].clone();
        case.diagnosis.disease = None;
        case.results.clear();

        assert_eq!(shown(&case, graph, "crp"), Some(Cow::Owned(not_recorded())));
    }
}
