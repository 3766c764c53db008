//! Where a finding of the Human Phenotype Ontology goes in a case: to a finding of the core, to the
//! patient's own words, to an examination or a test, or nowhere.

use std::{collections::HashMap, sync::LazyLock};

use knowledge_graph::{
    Bilingual, BilingualList, Graph,
    format::{Finding, FindingKind},
    hpo::{Join, RareFinding, Term, TermId},
};

use crate::problem::both;

/// Sentences with which anybody says they have a symptom of the core: no time, cause or place that a
/// particular disease would give it. Finding, English, Chinese.
const SENTENCES: &str = include_str!("sentences.tsv");

/// What is done with the terms below one that no finding of the core means.
#[derive(Clone, Copy)]
enum Route {
    /// An examination or a test of the core shows it.
    Shown(&'static str),
    /// The patient knows of it, if it has a lay name.
    Told,
}

/// The first term an unjoined one is narrower than decides. Laboratory and imaging findings for
/// which the core has no test are not here: no other test may claim to show them.
const ROUTES: [(u32, Route); 46] = [
    (2_719, Route::Told),                               // Recurrent infections
    (32_101, Route::Told),                              // Unusual infection
    (2_353, Route::Shown("eeg")),                       // EEG abnormality
    (3_457, Route::Shown("nerve-conduction-studies")),  // EMG abnormality
    (40_129, Route::Shown("nerve-conduction-studies")), // Abnormal nerve conduction velocity
    (12_443, Route::Shown("mri-brain")),                // Abnormal brain morphology
    (3_115, Route::Shown("ecg")),                       // Abnormal EKG
    (11_675, Route::Shown("ecg")),                      // Arrhythmia
    (30_148, Route::Shown("cardiac-auscultation")),     // Heart murmur
    (1_627, Route::Shown("echocardiogram")),            // Abnormal heart morphology
    (20_129, Route::Shown("urinalysis")),               // Abnormal urine protein level
    (12_614, Route::Shown("urine-microscopy")),         // Abnormal urine cytology
    (12_210, Route::Shown("renal-ultrasound")),         // Abnormal renal morphology
    (410_042, Route::Shown("abdominal-ultrasound")),    // Abnormal liver morphology
    (25_408, Route::Shown("abdominal-ultrasound")),     // Abnormal spleen morphology
    (1_928, Route::Shown("coagulation")),               // Abnormality of coagulation
    (2_910, Route::Shown("liver-function")),            // Elevated circulating hepatic transaminase concentration
    (3_119, Route::Shown("lipids")),                    // Abnormal circulating lipid concentration
    (40_214, Route::Shown("insulin-and-c-peptide")),    // Abnormal circulating insulin concentration
    (11_014, Route::Shown("glucose")),                  // Abnormal glucose homeostasis
    (4_363, Route::Shown("calcium")),                   // Abnormal circulating calcium concentration
    (3_111, Route::Shown("urea-and-electrolytes")),     // Abnormal blood ion concentration
    (2_926, Route::Shown("thyroid-function")),          // Abnormality of thyroid physiology
    (1_871, Route::Shown("full-blood-count")),          // Abnormality of blood and blood-forming tissues
    (2_088, Route::Shown("ct-chest")),                  // Abnormal lung morphology
    (708, Route::Told),                                 // Atypical behavior
    (100_543, Route::Shown("cognitive-screening")),     // Cognitive impairment
    (1_249, Route::Shown("cognitive-screening")),       // Intellectual disability
    (1_251, Route::Shown("gait-and-coordination")),     // Ataxia
    (1_288, Route::Shown("gait-and-coordination")),     // Gait disturbance
    (496, Route::Shown("cranial-nerves")),              // Abnormality of eye movement
    (1_098, Route::Shown("fundoscopy")),                // Abnormal fundus morphology
    (4_328, Route::Shown("slit-lamp-examination")),     // Abnormal anterior eye segment morphology
    (478, Route::Told),                                 // Abnormality of the eye
    (1_367, Route::Shown("joint-examination")),         // Abnormal joint morphology
    (598, Route::Shown("ent-examination")),             // Abnormality of the ear
    (366, Route::Shown("ent-examination")),             // Abnormality of the nose
    (163, Route::Shown("ent-examination")),             // Abnormal oral cavity morphology
    (1_574, Route::Shown("skin-inspection")),           // Abnormality of the integument
    (3_011, Route::Shown("neurological-screening")),    // Abnormality of the musculature
    (707, Route::Shown("neurological-screening")),      // Abnormality of the nervous system
    (1_507, Route::Shown("general-inspection")),        // Growth abnormality
    (152, Route::Shown("general-inspection")),          // Abnormality of head or neck
    (10_674, Route::Shown("general-inspection")),       // Abnormal curvature of the vertebral column
    (25_142, Route::Told),                              // Constitutional symptom
    (25_031, Route::Told),                              // Abnormality of the digestive system
];

/// Names no patient should have to use of themselves.
const DEMEANING: [&str; 4] = ["retard", "mental deficiency", "idiot", "cretin"];

/// Longest lay name that sounds like speech, in characters; longer ones are definitions.
const SPEAKABLE: usize = 40;

/// Where a finding goes.
pub(super) enum Place<'a> {
    /// To this finding of the core.
    Core(&'a Finding),
    /// To the patient's words: its lay name, and the Chinese one where the layer has one.
    Told(String),
    /// To this examination or test of the core.
    Shown(&'static str),
    /// Nowhere, with the reason.
    Nowhere(Bilingual),
}

/// Where `finding` goes.
pub(super) fn place<'a>(join: &Join<'a>, finding: &RareFinding<'a>) -> Place<'a> {
    let core = join.findings_with(finding.term).into_iter().filter_map(|id| join.graph().finding(id));
    let mut known = core.peekable();
    if let Some(found) = known.find(|found| is_usable(join.graph(), found)) {
        return Place::Core(found);
    }
    match route(join, finding.term) {
        Some(Route::Shown(test)) => Place::Shown(test),
        Some(Route::Told) => lay_name(finding.term).map_or_else(
            || Place::Nowhere(both("HPO has no lay words for it", "HPO没有其通俗说法")),
            |name| Place::Told(name.to_owned()),
        ),
        None => Place::Nowhere(both(
            "the core has neither words nor a test for it",
            "核心图谱既无患者用语，也无可显示它的检查",
        )),
    }
}

/// Whether a patient can say it or an examination or test shows it.
fn is_usable(graph: &Graph, finding: &Finding) -> bool {
    match finding.kind {
        FindingKind::Symptom => sentence(&finding.id).is_some(),
        _ => finding.test.as_deref().is_some_and(|test| graph.test(test).is_some()),
    }
}

fn route(join: &Join<'_>, term: Term<'_>) -> Option<Route> {
    let below = |number: u32| {
        let root = format!("HP:{number:07}").parse::<TermId>().ok().and_then(|id| join.layer().term(id));
        root.is_some_and(|root| term.is_a(root))
    };
    ROUTES.iter().find(|(root, _)| below(*root)).map(|(_, route)| *route)
}

/// The shortest lay name.
fn lay_name(term: Term<'_>) -> Option<&str> {
    let decent = |name: &&str| !DEMEANING.iter().any(|word| name.to_lowercase().contains(word));
    term.lay().filter(|name| name.chars().count() <= SPEAKABLE).filter(decent).min_by_key(|name| name.len())
}

/// How anybody says they have this symptom of the core.
pub(super) fn sentence(finding: &str) -> Option<BilingualList> {
    static BY_FINDING: LazyLock<HashMap<&str, (&str, &str)>> = LazyLock::new(|| {
        let rows = SENTENCES.lines().filter_map(|line| {
            let (finding, texts) = line.split_once('\t')?;
            Some((finding, texts.split_once('\t')?))
        });
        rows.collect()
    });
    let (en, zh) = BY_FINDING.get(finding)?;
    Some(BilingualList { en: vec![(*en).to_owned()], zh: vec![(*zh).to_owned()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_of_a_symptom_and_every_route_leads_to_a_test() {
        let graph = Graph::embedded().unwrap();

        for line in SENTENCES.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 3, "{line}");
            assert!(graph.finding(fields[0]).is_some_and(|one| one.kind == FindingKind::Symptom), "{line}");
            assert!(fields[1].ends_with('.') && fields[2].ends_with('。'), "{line}");
        }
        for (_, route) in ROUTES {
            let Route::Shown(test) = route else { continue };
            assert!(graph.test(test).is_some(), "{test}");
        }
    }

    #[test]
    fn every_symptom_that_is_a_term_can_be_said() {
        let graph = Graph::embedded().unwrap();
        // Only a pregnant woman feels them; none of the rare diseases is one of pregnancy.
        let unsaid = ["reduced-fetal-movements", "thunderclap-headache"];

        let silent: Vec<&str> = graph
            .findings()
            .filter(|one| one.kind == FindingKind::Symptom && one.hpo.is_some() && sentence(&one.id).is_none())
            .map(|one| one.id.as_str())
            .collect();

        assert!(silent.iter().all(|id| unsaid.contains(id)), "{silent:?}");
    }
}
