use cases::format::{Literacy, Style};
use knowledge_graph::{Bilingual, Facet, Graph, Language};
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
    decide(
        &case,
        &knowledge,
        &state,
        &Heard { text: "Tell me?", language: Language::En, said, aimed: false, deed: None },
    )
}

/// The decision about `text`, of whose words `named` stands for `topic`.
fn decide_about(
    text: &str,
    act: DialogueAct,
    hits: &[(&str, &str, MatchMethod)],
    state: impl Fn(&mut State),
) -> Decision {
    let language = if text.is_ascii() { Language::En } else { Language::Zh };
    let hit = |(named, topic, method): &(&str, &str, MatchMethod)| {
        let start = text.find(named).unwrap();
        TopicHit { topic: topic.parse().unwrap(), score: 0.9, quote: start..start + named.len(), method: *method }
    };
    let clause = Clause { span: 0..text.len(), act, topics: hits.iter().map(hit).collect() };
    let said = Understood { clauses: vec![clause], act, leading: false, jargon: Vec::new() };
    let case = case();
    let mut start = State::start(&case);
    state(&mut start);
    let knowledge = Knowledge::new(&case, Graph::embedded().unwrap());
    decide(&case, &knowledge, &start, &Heard { text, language, said: &said, aimed: false, deed: None })
}

fn ids(decision: &Decision) -> Vec<&str> {
    decision.fact_ids().collect()
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

    assert!(decision.tellings.is_empty());
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
    assert_eq!(second.tellings.len(), 1);
    assert!(second.tellings[0].fact.disclosure <= Disclosure::OpenQuestion);
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
    let ask = |change: fn(&mut Case)| {
        let mut case = case();
        change(&mut case);
        let knowledge = Knowledge::new(&case, Graph::embedded().unwrap());
        let heard = Heard { text: "orthopnoea?", language: Language::En, said: &said, aimed: false, deed: None };
        decide(&case, &knowledge, &State::start(&case), &heard)
    };

    let lay = ask(|_| {});
    let nurse = ask(|case| case.persona.understands.push("Orthopnoea".into()));

    assert_eq!((lay.policy, lay.jargon.as_deref()), (Policy::AskMeaning, Some("orthopnoea")));
    assert_eq!((nurse.policy, ids(&nurse)), (Policy::Answer, vec!["orthopnoea"]));
}

const NAMED: MatchMethod = MatchMethod::Lexicon;

#[rstest]
#[case::closed("Any sweating?", "sweating", "finding:sweating", Length::Brief)]
#[case::closed_in_chinese("出汗吗？", "出汗", "finding:sweating", Length::Brief)]
#[case::open("Tell me about the sweating.", "sweating", "finding:sweating", Length::Full)]
#[case::a_denial_is_whole("Any vomiting?", "vomiting", "finding:vomiting", Length::Full)]
#[case::no_would_mean_the_opposite("Is your appetite normal?", "appetite", "history:appetite", Length::Full)]
#[case::a_list_is_whole("Any regular tablets?", "tablets", "history:current-drugs", Length::Full)]
#[case::yes_would_mean_two_things("您没有胸痛吧？", "胸痛", "finding:chest-pain", Length::Full)]
#[case::another_question("Any family history?", "family", "history:family-history", Length::Full)]
fn a_closed_question_gets_a_few_words(
    #[case] text: &str,
    #[case] named: &str,
    #[case] topic: &str,
    #[case] expected: Length,
) {
    let decision = decide_about(text, DialogueAct::Specific, &[(named, topic, NAMED)], |_| {});

    assert_eq!(decision.tellings.iter().map(|telling| telling.length).collect::<Vec<_>>(), [expected]);
}

#[test]
fn what_was_told_in_a_few_words_is_told_whole_when_asked_again() {
    let briefly = |state: &mut State| {
        state.told.insert("sweating".into());
        state.told_briefly.insert("sweating".into());
    };

    let again =
        decide_about("Any sweating?", DialogueAct::Specific, &[("sweating", "finding:sweating", NAMED)], briefly);

    assert_eq!((again.tellings[0].length, again.tellings[0].again), (Length::Full, false));
}

#[rstest]
#[case::right("So you have chest pain?", "chest pain", "finding:chest-pain", Policy::Confirm, &[])]
#[case::rightly_denied("So no fever?", "fever", "finding:fever", Policy::Confirm, &[])]
#[case::wrongly_denied("So you haven't any chest pain?", "chest pain", "finding:chest-pain", Policy::Correct, &["pain"])]
#[case::wrongly_affirmed("So you have a fever?", "fever", "finding:fever", Policy::Correct, &["fever"])]
#[case::wrong_number("So it began 5 days ago?", "began", "finding:chest-pain/onset", Policy::Correct, &["pain-onset"])]
#[case::right_number("So it began two hours ago?", "began", "finding:chest-pain/onset", Policy::Confirm, &[])]
#[case::unwell_is_no_denial("不舒服是胸痛，对吗？", "胸痛", "finding:chest-pain", Policy::Confirm, &[])]
#[case::wrongly_denied_in_chinese("您没有胸痛，对吧？", "胸痛", "finding:chest-pain", Policy::Correct, &["pain"])]
#[case::a_question("When did it start, did you say?", "start", "finding:chest-pain/onset", Policy::Answer, &["pain-onset"])]
fn a_summary_is_confirmed_only_when_it_is_right(
    #[case] text: &str,
    #[case] named: &str,
    #[case] topic: &str,
    #[case] policy: Policy,
    #[case] facts: &[&str],
) {
    let told = |state: &mut State| {
        state.told.insert("fever".into());
    };

    let decision = decide_about(text, DialogueAct::Summary, &[(named, topic, NAMED)], told);

    assert_eq!((decision.policy, ids(&decision)), (policy, facts.to_vec()));
}

#[test]
fn a_part_asked_of_what_was_told_last_falls_back_on_what_brought_them() {
    let after_the_sweat = |state: &mut State| {
        state.context.focus = vec!["finding:sweating".parse().unwrap(), "finding:chest-pain".parse().unwrap()];
        state.told.insert("sweating".into());
    };
    let hit = [("worse", "finding:sweating/aggravating", MatchMethod::Context)];

    let decision = decide_about("What makes it worse?", DialogueAct::Specific, &hit, after_the_sweat);

    assert_eq!(ids(&decision), ["pain-aggravating"]);
}

#[rstest]
#[case::a_part_of_what_is_not_there("Where is the rash?", "rash", "finding:rash/site", true)]
#[case::a_part_nobody_noticed("Where do you feel sick?", "sick", "finding:nausea/site", false)]
fn who_does_not_have_it_denies_it_and_who_has_it_cannot_say(
    #[case] text: &str,
    #[case] named: &str,
    #[case] topic: &str,
    #[case] denied: bool,
) {
    let told = |state: &mut State| {
        state.told.insert("nausea".into());
    };

    let decision = decide_about(text, DialogueAct::Specific, &[(named, topic, NAMED)], told);

    assert_eq!((decision.absent.len(), decision.unknown.len()), if denied { (1, 0) } else { (0, 1) });
}

#[test]
fn what_set_it_off_is_not_told_by_when_it_began() {
    let without_trigger = |case: &mut Case, _: &mut State| {
        case.facts.retain(|fact| fact.topic.facet() != Some(Facet::Trigger));
        for fact in &mut case.facts {
            fact.also.retain(|topic| topic.facet() != Some(Facet::Trigger));
            if fact.topic.facet() == Some(Facet::Onset) {
                fact.tells = Bilingual { en: "It began two hours ago.".into(), zh: "两小时前开始的。".into() };
            }
        }
    };

    let decision = decide_with(without_trigger, &understood(DialogueAct::Specific, &["finding:chest-pain/trigger"]));

    assert_eq!((ids(&decision), decision.unknown.len()), (vec![], 1));
}

#[test]
fn all_of_a_list_is_told_at_once() {
    let several = |case: &mut Case, _: &mut State| {
        let drugs = case.facts.iter().find(|fact| fact.topic.name() == "current-drugs").unwrap().clone();
        let more = (1..4).map(|n| Fact { id: format!("drug-{n}"), ..drugs.clone() });
        case.facts.extend(more);
    };

    let decision = decide_with(several, &understood(DialogueAct::Specific, &["history:current-drugs"]));

    assert_eq!(decision.tellings.len(), 4);
}

#[test]
fn who_sweats_at_night_does_not_deny_sweating() {
    let at_night = |case: &mut Case, _: &mut State| {
        for fact in case.facts.iter_mut().filter(|fact| fact.topic.name() == "sweating") {
            fact.topic = "finding:night-sweats".parse().unwrap();
        }
    };

    let decision = decide_with(at_night, &understood(DialogueAct::Specific, &["finding:sweating"]));

    assert_eq!((ids(&decision), decision.absent.len()), (vec!["sweating"], 0));
}

#[test]
fn how_bad_one_thing_is_says_nothing_of_another() {
    let after_the_sweat = |state: &mut State| {
        state.context.focus = vec!["finding:sweating".parse().unwrap(), "finding:chest-pain".parse().unwrap()];
        state.told.insert("sweating".into());
    };
    let ask = |text: &str| {
        let hit = [("bad", "finding:sweating/severity", MatchMethod::Context)];
        decide_about(text, DialogueAct::Specific, &hit, after_the_sweat)
    };

    assert_eq!(ids(&ask("How bad is it?")), [""; 0]);
    assert_eq!(ids(&ask("How bad is it out of ten?")), ["pain-severity"]);
}

#[test]
fn the_family_is_asked_of_one_illness_and_answers_of_that_first() {
    let lead = |text: &str, tells: &str| {
        let mut case = case();
        case.facts.retain(|fact| !fact.topic.name().starts_with("family"));
        let mut fact = case.facts[0].clone();
        fact.id = "family".into();
        fact.also.clear();
        fact.present = true;
        fact.disclosure = Disclosure::Asked;
        fact.topic = "history:family-history".parse().unwrap();
        fact.tells = Bilingual { en: tells.into(), zh: String::new() };
        case.facts.push(fact);
        let said = understood(DialogueAct::Specific, &["history:family-heart-disease"]);
        let (knowledge, state) = (Knowledge::new(&case, Graph::embedded().unwrap()), State::start(&case));
        decide(
            &case,
            &knowledge,
            &state,
            &Heard { text, language: Language::En, said: &said, aimed: false, deed: None },
        )
        .lead
    };

    assert_eq!(lead("Any heart disease?", "Dad had a stroke."), Some(Lead::NotThatKnown));
    assert_eq!(lead("Any heart disease?", "Dad had a heart attack."), Some(Lead::Yes));
    assert_eq!(lead("What did your dad die of?", "Dad had a stroke."), None);
}

#[test]
fn leave_to_ask_what_needs_trust_is_not_given_with_a_yes() {
    let ask = |trust: u8| {
        let text = "Do you mind if I ask about alcohol?";
        let mut said = understood(DialogueAct::Specific, &["history:alcohol"]);
        said.clauses[0].topics[0].score = 0.19;
        let case = case();
        let state = State { trust, ..State::start(&case) };
        let knowledge = Knowledge::new(&case, Graph::embedded().unwrap());
        decide(
            &case,
            &knowledge,
            &state,
            &Heard { text, language: Language::En, said: &said, aimed: false, deed: None },
        )
    };

    assert_eq!(ask(TRUST_TO_CONFIDE - 1).policy, Policy::Guarded);
    assert_eq!(ask(TRUST_TO_CONFIDE).policy, Policy::Agree);
}

#[test]
fn nobody_asks_back_twice_in_a_row_or_at_the_same_words() {
    let lost = understood(DialogueAct::Specific, &[]);

    let begun = |change: fn(&mut Case, &mut State)| {
        let later = move |case: &mut Case, state: &mut State| {
            state.begun = true;
            change(case, state);
        };
        decide_with(later, &lost)
    };
    let first = begun(|_, _| {});
    let second = begun(|_, state| state.asked_back_last = true);
    let same = begun(|_, state| {
        state.heard.insert("tellme".into());
    });
    let deaf = begun(|case, state| {
        case.persona.style = Style::HardOfHearing;
        state.asked_back = 3;
    });

    assert_eq!(decide_with(|_, _| {}, &lost).policy, Policy::Opening);
    assert_eq!(first.policy, Policy::NotUnderstood);
    assert_eq!([second.policy, same.policy, deaf.policy], [Policy::Unsure; 3]);
}

#[test]
fn what_moved_the_patient_is_kept_with_the_words() {
    let warm = decide_with(|_, _| {}, &understood(DialogueAct::Empathy, &[]));

    assert_eq!(warm.felt, [Felt { cause: Cause::Empathy, quote: "Tell me?".into(), trust: 12 }]);
}

#[test]
fn who_knows_few_medical_words_asks_what_they_mean_but_once() {
    let said = understood(DialogueAct::Specific, &["finding:nausea"]);
    let ask = |spoken: &[&str]| {
        let mut case = case();
        case.persona.literacy = Literacy::Limited;
        let knowledge = Knowledge::new(&case, Graph::embedded().unwrap());
        let state = State { spoken: spoken.iter().map(ToString::to_string).collect(), ..State::start(&case) };
        decide(
            &case,
            &knowledge,
            &state,
            &Heard { text: "nausea?", language: Language::En, said: &said, aimed: false, deed: None },
        )
    };

    assert_eq!((ask(&[]).policy, ask(&[]).jargon.as_deref()), (Policy::AskMeaning, Some("nausea")));
    assert_eq!(ids(&ask(&["“nausea”? What's that?"])), ["nausea"]);
}

#[test]
fn one_illness_is_no_answer_to_another() {
    let hit = [("liver", "history:liver-disease", NAMED)];

    let decision = decide_about("Any liver disease?", DialogueAct::Specific, &hit, |_| {});

    assert_eq!(ids(&decision), [""; 0], "high blood pressure, though a past condition, says nothing of the liver");
}

#[rstest]
#[case::told("You'll need to stay in hospital tonight.", DialogueAct::Specific, Policy::React)]
#[case::comfort("That must be frightening for you.", DialogueAct::Empathy, Policy::Comforted)]
#[case::an_aside("Lovely weather we are having today.", DialogueAct::OffTopic, Policy::Listen)]
#[case::off_topic("Did you see the match?", DialogueAct::OffTopic, Policy::Deflect)]
#[case::leave("Thank you, I'll go and see my supervisor.", DialogueAct::OffTopic, Policy::Farewell)]
#[case::an_order("I'd like to listen to your chest.", DialogueAct::Order, Policy::Comply)]
fn what_is_not_asked_gets_a_human_reaction(#[case] text: &str, #[case] act: DialogueAct, #[case] expected: Policy) {
    let word = text.split(' ').nth(3).unwrap();
    let hits = [(word, "history:hospitalisation", MatchMethod::Embedding)];
    let hits = if act == DialogueAct::Specific { &hits[..] } else { &[] };

    let decision = decide_about(text, act, hits, |state| state.begun = true);

    assert_eq!(decision.policy, expected);
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

#[test]
fn more_symptoms_are_not_denied_while_there_are_any() {
    let hit = [("other", "history:other-symptoms", NAMED)];
    let opened = |state: &mut State| {
        state.opened = true;
        state.told.insert("pain".into());
    };

    let decision = decide_about("Any other symptoms?", DialogueAct::Specific, &hit, opened);

    assert_eq!((decision.policy, decision.tellings.len()), (Policy::Volunteer, 1));
}

#[test]
fn who_they_are_and_why_they_came_are_answered_together() {
    let mut said = understood(DialogueAct::Specific, &["identity:name"]);
    said.clauses.push(Clause { span: 0..10, act: DialogueAct::OpenQuestion, topics: Vec::new() });

    let decision = decide_with(|_, _| {}, &said);

    assert_eq!((decision.policy, ids(&decision)), (Policy::Opening, vec!["identity-name", "pain"]));
}

#[rstest]
#[case::leave_to_ask("Is it ok if I ask you some questions?", DialogueAct::Specific, Policy::Agree)]
#[case::leave_in_chinese("能跟您聊聊吗？", DialogueAct::Specific, Policy::Agree)]
#[case::a_preamble("These are a bit personal, is that ok?", DialogueAct::Summary, Policy::Agree)]
fn leave_to_ask_is_given(#[case] text: &str, #[case] act: DialogueAct, #[case] expected: Policy) {
    assert_eq!(decide_about(text, act, &[], |_| {}).policy, expected);
}

#[test]
fn somebody_who_speaks_for_a_patient_speaks_of_them() {
    let mut case = case();
    case.patient.spokesperson = Some(Bilingual { en: "Daughter".into(), zh: "女儿".into() });

    let knowledge = Knowledge::new(&case, Graph::embedded().unwrap());
    let age = knowledge.exactly(&"identity:age".parse().unwrap());

    assert_eq!(age[0].tells.get(Language::En), "He's 58.");
}
