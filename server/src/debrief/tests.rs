//! Debriefs of consultations with the shipped patient with chest pain, in both languages.

use cases::format::{Case, Fact};
use jiff::Timestamp;
use knowledge_graph::{Graph, Language, TopicId};
use rstest::rstest;

use super::*;
use crate::{
    assessment::{EngineStamp, Evidence, ItemReport, Score, conduct::Conduct},
    store::TurnReply,
};

fn case() -> &'static Case {
    let library = cases::library().unwrap();
    library.iter().find(|case| case.id == "chest-tightness-lin-58").unwrap()
}

/// An exchange: the student's words, the topics asked, the facts told.
type Spoken = (&'static str, &'static [&'static str], &'static [&'static str]);

const THOROUGH: [Spoken; 5] = [
    ("What brings you in?", &[], &["pain"]),
    ("When did the pain start?", &["finding:chest-pain/onset"], &["pain-onset"]),
    ("Any pain in your back?", &["finding:back-pain"], &["back-pain"]),
    ("Have you been sweating?", &["finding:sweating"], &["sweating"]),
    ("Does it hurt when you breathe in?", &["finding:pleuritic-chest-pain"], &["pleuritic"]),
];

const ON_REFLUX: [Spoken; 5] = [
    ("What brings you in?", &[], &["pain"]),
    ("Do you get heartburn?", &["finding:heartburn"], &["heartburn"]),
    ("Any trouble swallowing?", &["finding:dysphagia"], &[]),
    ("Do you belch a lot?", &["finding:belching"], &[]),
    ("Do you feel bloated?", &["finding:bloating"], &[]),
];

const CARDIAC: [Spoken; 5] = [
    ("What brings you in?", &[], &["pain"]),
    ("Have you been sweating?", &["finding:sweating"], &["sweating"]),
    ("Do you feel sick?", &["finding:nausea"], &["nausea"]),
    ("Where does the pain spread?", &["finding:chest-pain/radiation"], &["pain-radiation"]),
    ("Are you short of breath?", &["finding:dyspnoea"], &["breathlessness"]),
];

/// The fact that answers "history:smoking".
const SMOKING: &str = "smoking";

fn turns(spoken: &[Spoken], language: Language) -> Vec<TurnRecord> {
    let fact = |id: &str| -> &Fact { case().facts.iter().find(|fact| fact.id == id).unwrap() };
    let turn = |(index, (said, topics, facts)): (usize, &Spoken)| {
        let tells: Vec<&str> = facts.iter().map(|id| fact(id).tells.get(language)).collect();
        let reply = TurnReply {
            text: tells.join(" "),
            cue: None,
            felt: Vec::new(),
            facts: facts.iter().map(|id| (*id).to_owned()).collect(),
            topics: topics.iter().map(|topic| topic.parse().unwrap()).collect(),
            policy: "answer".into(),
            mood: "calm".into(),
            trust: 50,
            check: "scripted".into(),
            model_sha256: String::new(),
            prompt_version: String::new(),
            seed: 0,
            first_token_ms: 0,
            total_ms: 0,
            at: Timestamp::UNIX_EPOCH,
        };
        let index = u32::try_from(index).unwrap();
        let said = (*said).to_owned();
        TurnRecord { index, key: index.to_string(), said, said_at: Timestamp::UNIX_EPOCH, reply: Some(reply) }
    };
    spoken.iter().enumerate().map(turn).collect()
}

/// A report that marks an item as asked when a turn asked one of its topics.
fn report(turns: &[TurnRecord]) -> Report {
    let item = |item: &cases::format::RubricItem| {
        let asks = |topic: &TopicId| item.topics.contains(topic);
        let by = turns.iter().position(|turn| turn.reply.iter().any(|reply| reply.topics.iter().any(asks)));
        ItemReport {
            id: item.id.clone(),
            asked: by.is_some(),
            elicited: by.is_some(),
            credit: f64::from(u8::from(by.is_some())),
            confidence: 0.99,
            needs_review: false,
            evidence: by.iter().map(|at| Evidence { turn: at * 2, quote: turns[*at].said.clone() }).collect(),
            method: "lexicon".into(),
        }
    };
    Report {
        transcript: "t".into(),
        rubric: "r".into(),
        score: Score { earned: 1.0, possible: 2.0, percent: 50.0 },
        items: case().rubric.iter().map(item).collect(),
        flags: Vec::new(),
        conduct: Conduct::default(),
        scheme: None,
        engine: EngineStamp {
            version: "0".into(),
            matcher: "0".into(),
            models: Vec::new(),
            classifier: None,
            thresholds: None,
        },
    }
}

fn debrief(spoken: &[Spoken], differential: &[(&str, &str)], language: Language) -> Debrief {
    let graph = Graph::embedded().unwrap();
    let turns = turns(spoken, language);
    let diagnoses: Vec<Diagnosis> = differential
        .iter()
        .map(|(name, reason)| Diagnosis { name: (*name).to_owned(), reason: (*reason).to_owned() })
        .collect();
    let report = report(&turns);
    let (turns, diagnoses) = (&turns, &diagnoses);
    Debrief::new(&Materials {
        case: case(),
        graph,
        report: &report,
        decisions: &[],
        turns,
        orders: &[],
        diagnoses,
        language,
    })
}

fn reasoning(spoken: &[Spoken], differential: &[(&str, &str)], language: Language) -> Reasoning {
    debrief(spoken, differential, language).reasoning.unwrap()
}

#[rstest]
#[case::abbreviation("MI", Understood::Named, Some("acute-coronary-syndrome"))]
#[case::pe("PE", Understood::Named, Some("pulmonary-embolism"))]
#[case::chinese("心梗", Understood::Named, Some("acute-coronary-syndrome"))]
#[case::lay("heart attack", Understood::Named, Some("acute-coronary-syndrome"))]
#[case::slip("aortic disection", Understood::Likely, Some("aortic-dissection"))]
#[case::symptom("chest pain", Understood::Symptom, None)]
#[case::chinese_symptom("胸痛", Understood::Symptom, None)]
#[case::unknown("flux capacitor failure", Understood::Unknown, None)]
fn what_a_student_writes_is_read_and_nothing_is_dropped(
    #[case] written: &str,
    #[case] understood: Understood,
    #[case] disease: Option<&str>,
) {
    for language in Language::ALL {
        let reasoning = reasoning(&THOROUGH, &[(written, "")], language);

        let entry = &reasoning.entries[0];
        assert_eq!((entry.words.as_str(), entry.understood), (written, understood), "{language}: {entry:?}");
        assert_eq!(entry.disease.as_deref(), disease, "{language}: {entry:?}");
        assert_eq!(entry.understood == Understood::Ambiguous, entry.perhaps.len() > 1, "{entry:?}");
    }
}

#[test]
fn several_in_one_line_are_several_and_share_their_reasons() {
    let entries = reasoning(&THOROUGH, &[("r/o MI or PE", "sweating")], Language::En).entries;

    let read: Vec<Option<&str>> = entries.iter().map(|entry| entry.disease.as_deref()).collect();
    assert_eq!(read, [Some("acute-coronary-syndrome"), Some("pulmonary-embolism")]);
    assert!(entries.iter().all(|entry| entry.cited.len() == 1), "{entries:?}");
}

#[test]
fn an_answer_about_the_history_counts_as_the_risk_factor_it_is_asked_as() {
    let smoking = case().facts.iter().find(|fact| fact.id == SMOKING).unwrap();
    let course = reasoning(&[("Do you smoke?", &["history:smoking"], &[SMOKING])], &[], Language::En).course;

    assert!(course.steps[1].learned.iter().any(|one| one.present == smoking.present), "{:?}", course.steps);
}

#[test]
fn reasons_are_checked_against_what_the_patient_said() {
    let reason = "sweating, no back pain, pleuritic chest pain; haemoptysis, a hunch";

    let reasoning = reasoning(&THOROUGH, &[("MI", reason)], Language::En);

    let cited = &reasoning.entries[0].cited;
    let weighs: Vec<(&str, Weighs)> = cited.iter().map(|one| (one.words.as_str(), one.weighs)).collect();
    assert_eq!(weighs[0], ("sweating", Weighs::Supports), "{cited:?}");
    assert_eq!(weighs[2], ("pleuritic chest pain", Weighs::Contradicted), "{cited:?}");
    assert_eq!(weighs[3], ("haemoptysis", Weighs::NotElicited), "{cited:?}");
    assert_eq!(weighs[4], ("a hunch", Weighs::Unrecognised), "{cited:?}");
    assert!(cited.iter().all(|one| reason.contains(&one.words)));
    assert!(weighs.iter().all(|(words, weighs)| *words != "no back pain" || *weighs != Weighs::Contradicted));
}

#[test]
fn chinese_reasons_are_checked_the_same() {
    let reasoning = reasoning(&THOROUGH, &[("心梗", "出汗，咯血，直觉")], Language::Zh);

    let weighs: Vec<Weighs> = reasoning.entries[0].cited.iter().map(|one| one.weighs).collect();
    assert_eq!(weighs, [Weighs::Supports, Weighs::NotElicited, Weighs::Unrecognised]);
}

#[test]
fn the_places_are_those_of_the_diagnosis_in_either_list() {
    let reasoning = reasoning(&THOROUGH, &[("PE", ""), ("MI", "")], Language::En);

    assert_eq!(reasoning.diagnosis_place, Some(2));
    assert!(reasoning.graph_place.is_some_and(|place| place <= 3), "{:?}", reasoning.graph_place);
    assert!((0.0..=1.0).contains(&reasoning.belief_named));
    assert!(reasoning.dangerous.iter().any(|one| one.disease == "aortic-dissection" && !one.named));
}

#[rstest]
#[case(Language::En)]
#[case(Language::Zh)]
fn questions_that_all_serve_one_diagnosis_are_called_anchoring_with_their_words(#[case] language: Language) {
    let reasoning = reasoning(&ON_REFLUX, &[("GERD", "")], language);

    let anchored = reasoning.patterns.iter().find(|one| one.kind == PatternKind::Anchoring);
    if let Some(anchored) = anchored {
        assert!(anchored.quotes.iter().all(|quote| ON_REFLUX[quote.turn as usize].0 == quote.words));
        assert!(anchored.question.is_some() && anchored.belief >= 0.05, "{anchored:?}");
    }
    assert!(anchored.is_some(), "{:?} {:?}", reasoning.patterns, reasoning.dangerous);
}

#[test]
fn a_consultation_that_tested_for_the_dangerous_is_not_called_anchored() {
    let reasoning = reasoning(&THOROUGH, &[("MI", ""), ("aortic dissection", ""), ("PE", "")], Language::En);

    assert!(reasoning.patterns.iter().all(|one| one.kind != PatternKind::Anchoring), "{:?}", reasoning.patterns);
}

#[test]
fn belief_sums_to_one_at_every_step_and_moves_only_when_something_is_learned() {
    let course = reasoning(&THOROUGH, &[], Language::En).course;

    assert_eq!(course.steps.len(), THOROUGH.len() + 1);
    assert!(course.leading.iter().any(|one| one.diagnosis) && course.leading.len() <= 4);
    for step in &course.steps {
        assert!((step.beliefs.iter().sum::<f64>() + step.others - 1.0).abs() < 1e-9, "{step:?}");
        assert!(!step.learned.is_empty() || step.moved < 1e-12, "{step:?}");
    }
    assert!(course.steps.iter().any(|step| step.moved > 0.02), "{:?}", course.steps);
}

#[test]
fn unasked_questions_were_not_asked_and_carry_ratios_with_sources() {
    let unasked = reasoning(&CARDIAC, &[], Language::En).unasked;

    assert!(!unasked.is_empty());
    assert!(unasked.iter().all(|one| one.topic.name() != "sweating" && one.question.is_some()), "{unasked:?}");
    assert!(unasked.is_sorted_by(|a, b| a.expected_moved >= b.expected_moved));
    assert!(unasked.iter().flat_map(|one| &one.ratios).any(|ratio| ratio.source.is_some()), "{unasked:?}");
}

#[test]
fn the_feedback_reads_as_written_for_this_consultation() {
    let feedback = debrief(&THOROUGH, &[("MI", "")], Language::En).feedback;

    let first = &feedback.done_well[0];
    assert!(feedback.done_well.iter().any(|point| point.quote.words == "Any pain in your back?"), "{feedback:?}");
    assert!(!first.effect.is_empty(), "{first:?}");
    assert_eq!(feedback.work_on.len(), 3, "{feedback:?}");
    assert!(feedback.work_on.iter().any(|point| point.text.contains("spread")), "{feedback:?}");
    assert!(feedback.work_on.iter().all(|point| point.say.ends_with('?')), "{feedback:?}");
}

#[test]
fn chinese_feedback_is_chinese_throughout() {
    let feedback = debrief(&THOROUGH, &[("心梗", "")], Language::Zh).feedback;

    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let well = feedback.done_well.iter().flat_map(|point| [&point.text, &point.effect]);
    let next = feedback.work_on.iter().flat_map(|point| [&point.text, &point.say]);
    assert!(well.chain(next).all(|text| han(text)), "{feedback:?}");
    assert!(feedback.work_on.iter().all(|point| point.say.ends_with('？')), "{feedback:?}");
}

/// Over every choice of exchanges: nothing is claimed that the report does not have.
#[test]
fn feedback_claims_nothing_that_is_not_in_the_report() {
    for chosen in 0..(1_usize << THOROUGH.len()) {
        let all = THOROUGH.iter().enumerate();
        let spoken: Vec<Spoken> = all.filter(|(at, _)| (chosen >> at) & 1 == 1).map(|(_, one)| *one).collect();
        let marks = report(&turns(&spoken, Language::En));
        let asked = |id: &str| marks.items.iter().any(|item| item.id == id && item.asked);

        let debrief = debrief(&spoken, &[("MI", "")], Language::En);

        let feedback = &debrief.feedback;
        assert!(feedback.done_well.len() <= 3 && feedback.work_on.len() <= 3);
        for point in &feedback.done_well {
            assert!(asked(&point.item), "{chosen}: {point:?}");
            assert!(spoken[point.quote.turn as usize].0.contains(&point.quote.words), "{chosen}: {point:?}");
        }
        for point in &feedback.work_on {
            assert!(point.item.as_deref().is_none_or(|id| !asked(id)), "{chosen}: {point:?}");
            assert!(point.quotes.iter().all(|quote| spoken[quote.turn as usize].0 == quote.words), "{point:?}");
        }
        let mut said: Vec<&str> = feedback.work_on.iter().map(|point| point.say.as_str()).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), feedback.work_on.len(), "{chosen}: {feedback:?}");
    }
}
