//! What counts as recall.

use cases::format::RubricItem;

use crate::store::{Help, HintRecord, Strength};

/// Whether asking `item`, first in the exchange `first_asked`, shows that the learner thinks of it
/// without help: not when a full hint at it, or an expert's question for one of its topics, was
/// given before.
pub fn shows_recall(item: &RubricItem, first_asked: Option<u32>, hints: &[HintRecord]) -> bool {
    let gave_away = |hint: &HintRecord| match &hint.help {
        Help::Nudge { item: hinted, strength } => *hinted == item.id && *strength == Strength::Full,
        Help::Expert { topics } => topics.iter().any(|topic| item.topics.iter().any(|of| of.node() == topic.node())),
    };
    let Some(first) = first_asked else { return true };
    !hints.iter().any(|hint| hint.after_turn <= first && gave_away(hint))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn item() -> RubricItem {
        let library = cases::library().unwrap();
        library[0].rubric.iter().find(|item| item.id == "chest").unwrap().clone()
    }

    fn hint(after_turn: u32, help: Help) -> HintRecord {
        HintRecord { after_turn, help, at: jiff::Timestamp::UNIX_EPOCH }
    }

    fn nudge(item: &str, strength: Strength) -> Help {
        Help::Nudge { item: item.into(), strength }
    }

    #[rstest]
    #[case::a_full_hint_before(nudge("chest", Strength::Full), 3, false)]
    #[case::a_full_hint_afterwards(nudge("chest", Strength::Full), 1, true)]
    #[case::a_weaker_hint(nudge("chest", Strength::Direction), 3, true)]
    #[case::a_hint_at_another_item(nudge("fever", Strength::Full), 3, true)]
    #[case::an_experts_question(Help::Expert { topics: vec!["finding:chest-pain".parse().unwrap()] }, 3, false)]
    fn only_what_was_given_away_before_it_was_asked_shows_no_recall(
        #[case] help: Help,
        #[case] asked: u32,
        #[case] recalled: bool,
    ) {
        assert_eq!(shows_recall(&item(), Some(asked), &[hint(2, help)]), recalled);
    }
}
