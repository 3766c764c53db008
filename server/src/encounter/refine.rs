//! What the words alone made of a question, corrected by which of the patient's facts it aims at.

use knowledge_graph::{Facet, Language, TopicKind};

use super::{
    aim::Aim,
    knowledge::Knowledge,
    question::{offers_qualities, parts},
    state::State,
};
use crate::understanding::{Clause, DialogueAct, MatchMethod, TopicHit, Understood};

/// From this probability on a fact is asked for.
const ASKED: f64 = 0.5;
/// The same in an utterance that asks several things, for as many facts as it asks things.
const ASKED_OF_SEVERAL: f64 = 0.35;
/// The same for a fact whose topic the words name, in a question of several parts.
const ASKED_BY_NAME: f64 = 0.2;
/// More facts than there are questions are asked for from here on…
const BESIDE: f64 = 0.75;
/// …and from here on where several things are listed.
const BESIDE_IN_LIST: f64 = 0.6;
/// A question that nothing else is known of asks for its likeliest fact from here on.
const LIKELIEST: f64 = 0.25;
/// What the words name for sure and the patient has nothing to say about is denied all the same.
const NAMED: f64 = 0.8;
/// The same beside a fact that is asked for: words that are only alike are no question of their own there.
const NAMED_BESIDE: f64 = 0.9;
/// From here on a fact is told, whatever else the words name.
const CERTAIN: f64 = 0.8;
/// Facts one question can aim at.
const MOST: usize = 4;

/// Takes out the topics whose facts are not asked for, and puts in those that are.
pub(super) fn refine(
    (said, language): (&str, Language),
    understood: &mut Understood,
    aims: &[Aim],
    (knowledge, state): (&Knowledge<'_>, &State),
) {
    if aims.is_empty() {
        return;
    }
    let of_quality = quality((said, language), aims, (knowledge, state));
    let picked = of_quality.unwrap_or_else(|| picked((said, understood, language), aims, knowledge));
    match understood.act {
        DialogueAct::Specific | DialogueAct::OffTopic => {}
        // "What happened to him?" asks of the father just spoken of, not for the whole story again.
        DialogueAct::OpenQuestion if picked.iter().any(|aim| aim.probability >= ASKED) => ask(understood),
        _ => return,
    }
    let is_picked = |id: &str| picked.iter().any(|aim| aim.fact == id);
    let one_clause = understood.clauses.len() == 1;
    for clause in &mut understood.clauses {
        let within = |aim: &&Aim| clause.span.start <= aim.span.start && aim.span.end <= clause.span.end;
        let is_list = said.get(clause.span.clone()).is_some_and(lists);
        // What a clause that asks one thing was found to ask, it asks of nothing else.
        let answered = !is_list && picked.iter().any(|aim| one_clause || within(aim));
        clause.topics.retain(|hit| {
            if matches!(hit.topic.kind(), TopicKind::Consultation | TopicKind::Test) {
                return true;
            }
            let answers = knowledge.answering(&hit.topic);
            // What a whole sentence was only thought to carry on from before, and there is nothing to tell of, it does not ask.
            let carried = hit.method == MatchMethod::Context && !is_brief(said, language);
            let denied = answers.is_empty()
                && !carried
                && (picked.is_empty() || is_sure(hit) && hit.score >= NAMED_BESIDE && !answered);
            denied || answers.iter().any(|fact| is_picked(&fact.id))
        });
    }
    for aim in &picked {
        put(understood, aim, knowledge);
    }
}

/// The fact on what it is like, where the question offers qualities and asks nothing else.
fn quality<'a>(
    (said, language): (&str, Language),
    aims: &'a [Aim],
    (knowledge, state): (&Knowledge<'_>, &State),
) -> Option<Vec<&'a Aim>> {
    if !offers_qualities(said, language) || parts(said, language) > 1 && said.matches(['?', '？']).count() > 1 {
        return None;
    }
    let focus = state.context.focus.iter().take(3).chain([&state.complaint]);
    let of_node = |node: &knowledge_graph::TopicId| {
        aims.iter().find(|aim| {
            knowledge
                .fact(&aim.fact)
                .is_some_and(|fact| fact.topic.facet() == Some(Facet::Character) && fact.topic.node() == node.node())
        })
    };
    focus.into_iter().find_map(of_node).map(|aim| vec![aim])
}

/// Whether a clause names several things.
pub(super) fn lists(clause: &str) -> bool {
    [" or ", " and ", ",", "、", "，", "和", "或", "还是"].iter().any(|between| clause.contains(between))
}

/// The facts asked for, likeliest first.
fn picked<'a>(
    (said, understood, language): (&str, &Understood, Language),
    aims: &'a [Aim],
    knowledge: &Knowledge<'_>,
) -> Vec<&'a Aim> {
    let mut sorted: Vec<&Aim> = aims.iter().collect();
    sorted.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let hits = || understood.clauses.iter().flat_map(|clause| &clause.topics);
    let in_clauses = understood.clauses.len() > 1
        || understood.clauses.iter().any(|clause| said.get(clause.span.clone()).is_some_and(lists));
    let named = |aim: &Aim| {
        hits().any(|hit| is_sure(hit) && knowledge.answering(&hit.topic).iter().any(|fact| fact.id == aim.fact))
    };
    let parts = parts(said, language);
    let asked = if parts > 1 { ASKED_OF_SEVERAL } else { ASKED };
    let beside = if [" or ", " and ", "、", "和", "或", "还是"].iter().any(|between| said.contains(between)) {
        BESIDE_IN_LIST
    } else {
        BESIDE
    };
    let is_asked = |(place, aim): &(usize, &Aim)| {
        let enough = if *place < parts { asked } else { beside };
        aim.probability >= enough || in_clauses && aim.probability >= ASKED_BY_NAME && named(aim)
    };
    let likely = sorted.iter().copied().enumerate().filter(is_asked).map(|(_, aim)| aim);
    let mut picked: Vec<&Aim> = likely.take(MOST).collect();
    let names_another = hits().any(|hit| is_sure(hit) && knowledge.answering(&hit.topic).is_empty());
    if picked.is_empty() && !names_another {
        picked.extend(sorted.first().filter(|aim| aim.probability >= LIKELIEST));
    }
    picked
}

/// What sounded like "tell me everything" asks for something.
fn ask(understood: &mut Understood) {
    understood.act = DialogueAct::Specific;
    for clause in understood.clauses.iter_mut().filter(|clause| clause.act == DialogueAct::OpenQuestion) {
        clause.act = DialogueAct::Specific;
    }
}

/// Whether so few words lean on what was said before.
pub(super) fn is_brief(said: &str, language: Language) -> bool {
    said.chars().count() < if language == Language::Zh { 9 } else { 25 }
}

fn is_sure(hit: &TopicHit) -> bool {
    hit.method == MatchMethod::Lexicon && hit.score >= NAMED
}

/// Has the clause that asks for the fact ask for it, and is sure of it.
fn put(understood: &mut Understood, aim: &Aim, knowledge: &Knowledge<'_>) {
    let Some(fact) = knowledge.fact(&aim.fact) else { return };
    let score = f64::midpoint(1.0, aim.probability);
    let (mut found, mut exactly) = (false, false);
    for hit in understood.clauses.iter_mut().flat_map(|clause| &mut clause.topics) {
        if knowledge.answering(&hit.topic).iter().any(|other| other.id == fact.id) {
            hit.score = hit.score.max(score);
            found = true;
            exactly |= hit.topic == fact.topic || fact.also.contains(&hit.topic);
        }
    }
    // What the words name may be answered by other facts as well; who is sure of one names that one.
    if exactly || found && aim.probability < CERTAIN {
        return;
    }
    let whole = aim.span.start == 0 && understood.clauses.iter().all(|clause| clause.span != aim.span);
    let asking = |clause: &Clause| clause.act == DialogueAct::Specific;
    let at = if whole { understood.clauses.iter().rposition(asking) } else { None };
    let at = at.or_else(|| understood.clauses.iter().position(|clause| clause.span.contains(&aim.span.start)));
    let Some(clause) = at.and_then(|at| understood.clauses.get_mut(at)) else { return };
    let quote = clause.span.clone();
    clause.topics.push(TopicHit { topic: fact.topic.clone(), score, quote, method: MatchMethod::Embedding });
    if clause.act == DialogueAct::OffTopic {
        clause.act = DialogueAct::Specific;
    }
    if understood.act == DialogueAct::OffTopic {
        understood.act = DialogueAct::Specific;
    }
}
