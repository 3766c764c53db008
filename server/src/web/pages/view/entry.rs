//! A consultation as it is read: turns and orders in the order they happened.

use ::cases::Case;
use knowledge_graph::Graph;

use super::{super::frame::Frame, OrderView};
use crate::{
    hints::HintView,
    store::{OrderRecord, TurnRecord},
};

/// One entry of a consultation.
pub(in super::super) enum Entry {
    /// What the student said.
    Student { index: u32, text: String, answered: bool, key: String },
    /// What the patient said.
    Patient { index: u32, text: String, cue: Option<String> },
    /// An examination or test with its result.
    Order(OrderView),
    /// Help that was given.
    Hint(HintView),
}

/// Turns with the orders made between them.
pub(in super::super) fn entries(
    page: &Frame,
    graph: &Graph,
    case: &Case,
    turns: &[TurnRecord],
    orders: &[OrderRecord],
) -> Vec<Entry> {
    let view = |order: &OrderRecord| Entry::Order(OrderView::new(page, graph, case, order));
    let mut entries: Vec<Entry> = orders.iter().filter(|order| order.after_turn == 0).map(view).collect();
    for turn in turns {
        entries.push(Entry::Student {
            index: turn.index,
            text: turn.said.clone(),
            answered: turn.reply.is_some(),
            key: turn.key.clone(),
        });
        if let Some(reply) = &turn.reply {
            entries.push(Entry::Patient { index: turn.index, text: reply.text.clone(), cue: reply.cue.clone() });
        }
        entries.extend(orders.iter().filter(|order| order.after_turn == turn.index + 1).map(view));
    }
    let said = u32::try_from(turns.len()).unwrap_or(u32::MAX);
    entries.extend(orders.iter().filter(|order| order.after_turn > said).map(view));
    entries
}

/// `entries` with the help that was given, each before the turn it was there for.
pub(in super::super) fn with_hints(entries: Vec<Entry>, hints: Vec<HintView>) -> Vec<Entry> {
    let mut hints = hints.into_iter().peekable();
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Entry::Student { index, .. } = &entry {
            while let Some(hint) = hints.next_if(|hint| hint.after_turn <= *index) {
                all.push(Entry::Hint(hint));
            }
        }
        all.push(entry);
    }
    all.extend(hints.map(Entry::Hint));
    all
}
