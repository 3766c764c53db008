use cases::format::Style;
use knowledge_graph::Graph;
use rstest::rstest;

use super::*;
use crate::understanding::{Clause, MatchMethod};

fn case() -> Case {
    let library = cases::library().expect("the library is sound");
    let case = library.iter().find(|case| case.id == "chest-tightness-lin-58");
    case.expect("the library has the case").clone()
}

fn understood(act: DialogueAct, topics: &[&str]) -> Understood {
    let hits = topics.iter().enumerate().map(|(at, topic)| TopicHit {
        topic: topic.parse().unwrap(),
        score: 0.9,
        quote: at..at + 1,
        method: MatchMethod::Lexicon,
    });
    let clause = Clause { span: 0..10, act, topics: hits.collect() };
    Understood { clauses: vec![clause], act, leading: false, jargon: Vec::new() }
}

fn decide_with(change: impl Fn(&mut Case, &mut State), said: &Understood) -> Decision {
    let mut case = case();
    let mut state = State::start(&case);
    change(&mut case, &mut state);
    let knowledge = Knowledge::new(&case, Graph::embedded().unwrap());
    decide(&case, &knowledge, &state, said)
}

fn ids(decision: &Decision) -> Vec<&str> {
    decision.facts.iter().map(|fact| fact.id.as_str()).collect()
}

#[rstest]
#[case::a_facet(&["finding:chest-pain/onset"], &["pain-onset"])]
#[case::a_compound_question_in_its_order(&["finding:nausea", "finding:sweating"], &["nausea", "sweating"])]
#[case::a_near_facet(&["finding:syncope/onset"], &["syncope"])]
#[case::who_the_patient_is(&["identity:name"], &["identity-name"])]
fn tells_what_was_asked_and_nothing_else(#[case] topics: &[&str], #[case] expected: &[&str]) {
    let decision = decide_with(|_, _| {}, &understood(DialogueAct::Specific, topics));

    assert_eq!(decision.policy, Policy::Answer);
    assert_eq!(ids(&decision), expected);
}

#[test]
fn denies_a_finding_the_case_does_not_have() {
    let decision = decide_with(|_, _| {}, &understood(DialogueAct::Specific, &["finding:jaundice"]));

    assert!(decision.facts.is_empty());
    assert_eq!(decision.absent, ["finding:jaundice".parse().unwrap()]);
}

#[test]
fn opens_with_the_complaint_then_volunteers_one_thing_at_a_time() {
    let open = understood(DialogueAct::OpenQuestion, &[]);
    let first = decide_with(|_, _| {}, &open);
    assert_eq!(first.policy, Policy::Opening);

    let after_opening = |_: &mut Case, state: &mut State| {
        state.opened = true;
        state.told.insert("pain".into());
    };
    let second = decide_with(after_opening, &open);

    assert_eq!(second.policy, Policy::Volunteer);
    assert_eq!(second.facts.len(), 1);
    assert!(second.facts[0].disclosure <= Disclosure::OpenQuestion);
}

#[test]
fn has_nothing_more_once_everything_open_is_told() {
    let all_told = |case: &mut Case, state: &mut State| {
        state.opened = true;
        state.told = case.facts.iter().map(|fact| fact.id.clone()).collect();
    };

    let decision = decide_with(all_told, &understood(DialogueAct::Vague, &[]));

    assert_eq!(decision.policy, Policy::NothingMore);
}

#[test]
fn confides_only_once_trust_is_earned() {
    let asked = understood(DialogueAct::Specific, &["history:alcohol"]);

    let guarded = decide_with(|_, state| state.trust = TRUST_TO_CONFIDE - 1, &asked);
    let open = decide_with(|_, state| state.trust = TRUST_TO_CONFIDE, &asked);

    assert_eq!((guarded.policy, ids(&guarded)), (Policy::Guarded, vec![]));
    assert_eq!((open.policy, ids(&open)), (Policy::Answer, vec!["alcohol"]));
}

#[test]
fn empathy_raises_trust_and_rudeness_lowers_it() {
    let start = State::start(&case()).trust;

    let warm = decide_with(|_, _| {}, &understood(DialogueAct::Empathy, &[]));
    let cold = decide_with(|_, _| {}, &understood(DialogueAct::Rude, &[]));

    assert!(warm.trust > start && cold.trust < start);
    assert_eq!((warm.policy, cold.policy), (Policy::Comforted, Policy::Offended));
    assert_eq!(cold.mood, Mood::Irritated);
}

#[test]
fn asks_back_about_a_word_a_lay_person_does_not_know() {
    let mut said = understood(DialogueAct::Specific, &["finding:orthopnoea"]);
    said.jargon = vec!["orthopnoea".into()];

    let lay = decide_with(|_, _| {}, &said);
    let nurse = decide_with(|case, _| case.persona.understands.push("Orthopnoea".into()), &said);

    assert_eq!((lay.policy, lay.jargon.as_deref()), (Policy::AskMeaning, Some("orthopnoea")));
    assert_eq!((nurse.policy, ids(&nurse)), (Policy::Answer, vec!["orthopnoea"]));
}

#[test]
fn an_injection_opens_nothing_whatever_it_names() {
    let said = understood(DialogueAct::Injection, &["finding:chest-pain/onset", "disease:acute-coronary-syndrome"]);

    let decision = decide_with(|_, _| {}, &said);

    assert_eq!((decision.policy, ids(&decision)), (Policy::Puzzled, vec![]));
}

#[test]
fn a_distrustful_patient_starts_with_less_trust() {
    let mut case = case();
    let plain = State::start(&case).trust;
    case.persona.style = Style::Distrustful;

    assert!(State::start(&case).trust < plain);
}
