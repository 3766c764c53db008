//! Which hint comes next.

use cases::{Case, format::RubricItem};
use knowledge_graph::{Graph, TopicId};

use crate::store::{Help, HintRecord, Strength, TurnRecord};

/// Topics asked for so far, and those that the patient told of.
fn known(case: &Case, turns: &[TurnRecord]) -> Vec<TopicId> {
    let replies = turns.iter().filter_map(|turn| turn.reply.as_ref());
    let mut topics: Vec<TopicId> = Vec::new();
    for reply in replies {
        topics.extend(reply.topics.iter().cloned());
        let told = case.facts.iter().filter(|fact| reply.facts.contains(&fact.id));
        topics.extend(told.flat_map(|fact| std::iter::once(&fact.topic).chain(&fact.also)).cloned());
    }
    topics
}

/// Whether asking for `asked` earns what asks for `wanted`: the same, a kind of it, or, where the
/// whole is wanted, a part of it.
pub fn fits(graph: &Graph, asked: &TopicId, wanted: &TopicId) -> bool {
    graph.is_a(asked, wanted) || (wanted.facet().is_none() && graph.is_a(&asked.node(), wanted))
}

/// The items that nothing said so far touches, the most important first.
pub fn open_items<'c>(case: &'c Case, graph: &Graph, turns: &[TurnRecord]) -> Vec<&'c RubricItem> {
    let known = known(case, turns);
    let touched = |item: &RubricItem| item.topics.iter().any(|wanted| known.iter().any(|one| fits(graph, one, wanted)));
    let mut open: Vec<&RubricItem> = case.rubric.iter().filter(|item| !touched(item)).collect();
    open.sort_by(|a, b| b.critical.cmp(&a.critical).then(b.weight.total_cmp(&a.weight)));
    open
}

/// The next hint: the last one stronger while its item is still open, else the weakest at the most
/// important item that no hint was given at. `None` when nothing is left to hint at.
pub fn next(case: &Case, graph: &Graph, turns: &[TurnRecord], given: &[HintRecord]) -> Option<Help> {
    let open = open_items(case, graph, turns);
    let nudges = || {
        given.iter().rev().filter_map(|hint| match &hint.help {
            Help::Nudge { item, strength } => Some((item, *strength)),
            Help::Expert { .. } => None,
        })
    };
    if let Some((item, strength)) = nudges().next()
        && open.iter().any(|one| one.id == *item)
        && let Some(strength) = strength.stronger()
    {
        return Some(Help::Nudge { item: item.clone(), strength });
    }
    let fresh = open.iter().find(|one| !nudges().any(|(item, _)| *item == one.id))?;
    Some(Help::Nudge { item: fresh.id.clone(), strength: Strength::Area })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(helps: &[Help]) -> Vec<HintRecord> {
        let record = |help: &Help| HintRecord { after_turn: 0, help: help.clone(), at: jiff::Timestamp::UNIX_EPOCH };
        helps.iter().map(record).collect()
    }

    #[test]
    fn hints_grow_stronger_and_then_turn_to_the_next_item_until_none_is_left() {
        let graph = Graph::embedded().unwrap();
        let case = &cases::library().unwrap()[0];
        let mut helps: Vec<Help> = Vec::new();

        while let Some(help) = next(case, graph, &[], &given(&helps)) {
            helps.push(help);
        }

        assert_eq!(helps.len(), 3 * case.rubric.len());
        let Help::Nudge { item, strength } = &helps[2] else { panic!("{:?}", helps[2]) };
        assert_eq!(*strength, Strength::Full);
        assert!(case.rubric.iter().any(|one| one.id == *item && one.critical), "critical items come first");
    }
}
