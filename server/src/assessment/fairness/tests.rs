use std::sync::Arc;

use knowledge_graph::Graph;

use super::*;
use crate::{
    assessment::{Grader, Rubric},
    understanding::Matcher,
};

type Stations = Vec<(Transcript, Rubric)>;

fn small_set() -> (Stations, Vec<(usize, usize)>) {
    let told = built_in();
    let both = (0..told.len()).map(|at| (2 * at, 2 * at + 1)).collect();
    (told.into_iter().flat_map(|one| [one.en, one.zh]).collect(), both)
}

#[test]
fn the_same_seed_varies_the_same_and_another_seed_otherwise() {
    let (stations, _) = small_set();
    for group in [Group::Polite, Group::Typos, Group::Fillers] {
        let (transcript, _) = &stations[0];
        assert_eq!(varied(transcript, group, 7), varied(transcript, group, 7));
        assert_ne!(varied(transcript, group, 7), varied(transcript, group, 8), "{group}");
    }
}

#[test]
fn every_group_has_its_own_way_with_the_words() {
    let say = |group, language, text: &str| said_by(group, language, text, &mut Dice::new(1, "t", "g"));
    let (en, zh) = (Language::En, Language::Zh);
    for (group, language, text, said) in [
        (Group::Blunt, en, "Good morning. Do you have any rash?", "Any rash?"),
        (Group::Blunt, zh, "请问您抽烟吗？", "抽烟？"),
        (Group::Dialect, en, "Do you take tablets?", "Do ye take pills?"),
        (Group::SecondLanguage, en, "Does the pain go down the leg?", "The pain go down leg?"),
        (Group::Transcription, en, "It's bad, isn't it? OK.", "it's bad isn't it ok"),
        (Group::Transcription, zh, "疼吗？咳嗽，发烧。", "疼吗咳嗽发烧"),
        (Group::Width, en, "OK?", "ＯＫ？"),
        (Group::Width, zh, "疼吗？", "疼吗?"),
    ] {
        assert_eq!(say(group, language, text), said);
    }
    assert!(say(Group::Polite, en, "Do you smoke?").ends_with("do you smoke?"));
}

/// The words alone grade here; `anamnesis grade fairness` measures the same with the embedder.
#[test]
fn no_way_of_speaking_moves_the_mark_further_than_it_does_today() {
    let matcher = Matcher::new(Graph::embedded().unwrap(), None, None).unwrap();
    let grader = Grader::new(Arc::new(matcher)).unwrap();
    let (stations, both) = small_set();

    let found = fairness(&stations, &both, 1, &|stations| {
        stations.iter().map(|(transcript, rubric)| grader.grade(transcript, rubric)).collect()
    });

    for one in &found.groups {
        let (share, limit) = (one.moved as f64 / one.items as f64, limit(one.group));
        println!(
            "{} {}: {} of {} moved, mean {:.1}, most {:.1}, kappa {:?}",
            one.group, one.language, one.moved, one.items, one.mean, one.most, one.kappa
        );
        assert!(share <= limit, "{} {}: {share:.3} of the items moved: {:#?}", one.group, one.language, one.places);
    }
    assert_eq!(found.groups.len(), 17, "nine groups in both languages; translations once");
}

/// The largest share of items that may move.
fn limit(group: Group) -> f64 {
    match group {
        Group::Width => 0.02,
        Group::Polite | Group::Blunt => 0.03,
        Group::Fillers => 0.08,
        Group::Dialect | Group::SecondLanguage => 0.1,
        Group::Transcription => 0.11,
        Group::Typos => 0.12,
        Group::OtherLanguage => 0.25,
    }
}
