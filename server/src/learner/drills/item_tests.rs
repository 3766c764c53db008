//! What holds for every item, whatever the seed.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, Graph, Language,
    format::{Disease, Finding},
    query::{Patient, Sex},
};

use super::{
    kin::Words,
    people::plausible,
    stock::{Stock, constitutional},
    *,
};

fn graph() -> &'static Graph {
    Graph::embedded().unwrap()
}

fn items(kind: DrillKind, count: usize) -> Vec<Item> {
    let source = Source::new(graph());
    let items: Vec<Item> = (1000..3000).filter_map(|seed| source.generate(kind, seed)).take(count).collect();
    assert_eq!(items.len(), count, "{kind}");
    items
}

fn disease(text: &Bilingual) -> &'static Disease {
    graph().diseases().find(|one| one.name == *text).unwrap()
}

fn finding(text: &Bilingual) -> &'static Finding {
    graph().findings().find(|one| one.name == *text).unwrap()
}

/// Age and sex as the stem says them.
fn patient(item: &Item) -> Patient {
    let age = item.stem.en.split([' ', '-']).nth(1).unwrap().parse().unwrap();
    Patient { age, sex: if item.stem.en.contains(" woman ") { Sex::Female } else { Sex::Male } }
}

fn key(item: &Item) -> &Choice {
    let Key::One(at) = item.key else { panic!("one right option") };
    &item.choices[at]
}

/// The first per cent after `name`.
fn share(text: &str, name: &str) -> f64 {
    let after = text.split_once(name).unwrap().1;
    let figure = after.split_once('%').unwrap().0;
    figure.trim_start_matches([':', ' ', '<', '>']).parse().unwrap()
}

#[test]
fn every_diagnosis_offered_is_one_that_such_a_patient_may_have_and_belongs_to_the_complaint() {
    let stock = Stock::new(graph());
    for item in [DrillKind::BestAnswer, DrillKind::Order].into_iter().flat_map(|kind| items(kind, 15)) {
        let patient = patient(&item);
        let right = match &item.key {
            Key::Order(order) => disease(&item.choices[order[0]].text),
            _ => disease(&key(&item).text),
        };
        let told = item.stem.zh.split('。').nth(1).unwrap();
        let complaint = told.split('，').next().unwrap();
        let complaint = graph().findings().find(|one| one.name.zh == complaint).unwrap();
        for choice in &item.choices {
            let option = disease(&choice.text);
            assert!(plausible(option, patient), "{} at {}: {item:?}", option.id, patient.age);
            let competes = option.id == right.id || stock.competes(option, right, patient, complaint);
            assert!(competes, "{} for {}: {item:?}", option.id, complaint.id);
        }
    }
}

#[test]
fn the_best_answer_is_likely_and_no_option_is_out_of_the_question() {
    for item in items(DrillKind::BestAnswer, 15) {
        let right = &key(&item).text.en;
        let likely = share(&item.explanation.en, "this age and sex to ");
        assert!(likely >= 50.0, "{item:?}");
        for choice in item.choices.iter().filter(|choice| choice.text.en != *right) {
            assert!(share(&choice.why.en, "") >= 1.0 && !choice.why.en.contains("<1%"), "{choice:?}");
        }
    }
}

#[test]
fn a_ranking_says_probabilities_that_stand_apart() {
    for item in items(DrillKind::Order, 15) {
        let Key::Order(order) = &item.key else { panic!("an order") };
        let shares: Vec<f64> =
            order.iter().map(|at| share(&item.explanation.en, &format!("{} ", item.choices[*at].text.en))).collect();
        assert!(shares[0] >= 30.0 && *shares.last().unwrap() >= 1.0, "{shares:?}");
        // Printed figures are rounded, so two points apart may read as one.
        assert!(shares.windows(2).all(|pair| pair[0] >= 1.5 * pair[1] && pair[0] > pair[1]), "{shares:?}");
    }
}

#[test]
fn the_question_to_ask_next_belongs_to_a_likely_disease_and_moves_belief() {
    for item in items(DrillKind::NextQuestion, 15) {
        assert_eq!(item.topics.len(), 1);
        let asked = graph().finding(item.topics[0].name()).unwrap();
        assert!(!constitutional(asked), "{item:?}");
        assert!(item.explanation.en.starts_with(&asked.name.en) && item.explanation.en.contains('%'), "{item:?}");
        assert!(item.choices.iter().all(|choice| choice.text.en.ends_with('?') && choice.text.zh.ends_with('？')));
    }
}

#[test]
fn a_general_sign_of_illness_separates_only_from_a_disease_that_says_something_of_it() {
    for item in items(DrillKind::Discriminate, 40) {
        let key = finding(&key(&item).text);
        let rival = graph().diseases().find(|one| {
            let name = wording::disease(one).zh;
            item.stem.zh.ends_with(&format!("、{name}。"))
        });
        let own = rival.unwrap().presents_with.iter().any(|edge| edge.finding == key.id);
        assert!(!constitutional(key) || own, "{item:?}");
        assert!(
            item.explanation.en.starts_with(&key.name.en) && item.explanation.en.contains("odds between them ×"),
            "{item:?}"
        );
    }
}

#[test]
fn every_explanation_names_the_key() {
    for kind in [DrillKind::NextQuestion, DrillKind::Discriminate, DrillKind::BestAnswer] {
        for item in items(kind, 10) {
            let (en, zh) = match kind {
                DrillKind::NextQuestion => {
                    let asked = &graph().finding(item.topics[0].name()).unwrap().name;
                    (asked.en.as_str(), asked.zh.as_str())
                }
                _ => (key(&item).text.en.as_str(), key(&item).text.zh.as_str()),
            };
            assert!(item.explanation.en.contains(en) && item.explanation.zh.contains(zh), "{item:?}");
        }
    }
}

#[test]
fn what_patients_say_is_a_whole_sentence_without_its_term() {
    for item in items(DrillKind::LayWords, 15) {
        let Key::Pairs(pairs) = &item.key else { panic!("pairs") };
        for (prompt, at) in item.prompts.iter().zip(pairs) {
            assert!(prompt.en.starts_with(char::is_uppercase) && prompt.en.ends_with('.'), "{prompt:?}");
            assert!(prompt.zh.ends_with('。') && !prompt.zh.ends_with("。。"), "{prompt:?}");
            assert!(!Words::of(prompt).shares(&Words::of(&item.choices[*at].text)), "{prompt:?}");
            assert!(prompt.en.split_whitespace().count() >= 4, "{prompt:?}");
        }
    }
}

#[test]
fn a_ratio_has_answers_that_mistakes_lead_to_in_whole_per_cent() {
    for item in items(DrillKind::Ratio, 30) {
        let reasons: BTreeSet<&str> = item.choices.iter().map(|choice| choice.why.en.as_str()).collect();
        assert_eq!(reasons.len(), item.choices.len(), "each mistake is named: {item:?}");
        let shares: Vec<f64> = item.choices.iter().map(|choice| share(&choice.text.en, "")).collect();
        assert!(shares.windows(2).all(|pair| pair[0] < pair[1]), "in order and apart: {item:?}");
        assert!(item.choices.iter().all(|choice| !choice.text.en.contains('.')), "{item:?}");
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let ratio = item.stem.en.split_once("likelihood ratio ").unwrap().1.trim_end_matches([')', '.']);
        assert!(digits(ratio.trim_start_matches("0.").trim_start_matches('0')) <= 3, "{ratio}");
    }
}

#[test]
fn no_stem_gives_its_diagnosis_away_and_no_text_is_left_open() {
    for item in DrillKind::ALL.into_iter().flat_map(|kind| items(kind, 8)) {
        if item.kind == DrillKind::BestAnswer {
            let told = Words::of(&item.stem);
            assert!(!told.shares(&Words::of(&key(&item).text)), "{item:?}");
        }
        for language in Language::ALL {
            let texts = [&item.stem, &item.question, &item.explanation].into_iter();
            for text in texts.chain(item.choices.iter().map(|choice| &choice.why)).map(|text| text.get(language)) {
                for open in ["  ", " .", " ,", "。。", "..", "()", "（）", "，。", "：。", "None", "NaN"] {
                    assert!(!text.contains(open), "“{open}” in {text}");
                }
            }
        }
    }
}

#[test]
fn who_has_a_broader_complaint_alone_does_not_compete() {
    let stock = Stock::new(graph());
    let of = |id: &str| graph().disease(id).unwrap();
    let patient = Patient { age: 45, sex: Sex::Female };
    let pleuritic = graph().finding("pleuritic-chest-pain").unwrap();

    assert!(!stock.competes(of("gerd"), of("pulmonary-embolism"), patient, pleuritic));
    assert!(stock.competes(of("pneumonia"), of("pulmonary-embolism"), patient, pleuritic));
}

#[test]
fn nobody_without_a_journey_has_malaria() {
    let stock = Stock::new(graph());
    let described = |id: &str| stock.described.iter().any(|one| one.id == id);

    assert!(!described("malaria") && !described("pre-eclampsia"));
    assert!(described("giant-cell-arteritis") && described("pneumonia"));
}

#[test]
fn every_question_offered_is_answered_yes_by_who_has_the_finding_in_both_languages() {
    for choice in items(DrillKind::NextQuestion, 15).into_iter().flat_map(|item| item.choices) {
        let (en, zh) = (&choice.text.en, &choice.text.zh);
        assert!(!en.starts_with("Can ") && !en.starts_with("Were ") && !en.contains(" able to"), "{en}");
        assert!(!zh.contains("当时") && !zh.contains("稳不稳") && !zh.contains("得住"), "{zh}");
    }
}

#[test]
fn what_is_matched_is_a_term_not_a_description() {
    for choice in items(DrillKind::LayWords, 15).into_iter().flat_map(|item| item.choices) {
        assert!(choice.text.en.split_whitespace().count() <= 3, "{choice:?}");
        assert!(!["Falls", "Swollen glands"].contains(&choice.text.en.as_str()), "{choice:?}");
    }
}
