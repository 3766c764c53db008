//! Drills: short items made from the graph and graded by it. Pure.
//!
//! An item is a function of the graph's content, its kind and a seed ([`generate`]); it carries both
//! languages, its key, the reason for every option and the sources its key rests on. What nobody
//! verified decides nothing: a key must win by its margin with verified claims alone, and again with
//! the frequencies that their authors estimated ([`VIEWS`]). A seed for which no such item can be
//! made gives none.

mod best;
mod dice;
mod discriminate;
mod item;
mod kin;
mod next;
mod order;
mod rating;
mod ratio;
mod scoring;
mod vignette;
mod words;

#[cfg(test)]
mod tests;

pub use item::{Choice, DrillKind, Item, Key};
pub use rating::{MIN_ANSWERS, Rating, WEAK_DISCRIMINATION, discrimination, expected, rated};
pub use scoring::{Answer, guess, score};

use knowledge_graph::{Graph, Mentions, query::Options};

use dice::Dice;

/// What counts when a key is found: verified claims without estimated frequencies, then with them.
/// Claims graded `unverified` count in neither.
const VIEWS: [Options; 2] = [
    Options { unverified: false, estimates: false, something_else: 0.1 },
    Options { unverified: false, estimates: true, something_else: 0.1 },
];

/// Attempts at an item before a seed is given up.
const ATTEMPTS: u32 = 60;

/// What items are made from.
pub struct Source<'g> {
    graph: &'g Graph,
    mentions: Mentions,
}

impl<'g> Source<'g> {
    /// Gets ready to make items from `graph`.
    pub fn new(graph: &'g Graph) -> Self {
        Self { graph, mentions: Mentions::new(graph) }
    }

    /// The item of that kind and seed; `None` when the seed leads to none with one best answer. The
    /// same graph, kind and seed always give the same item.
    pub fn generate(&self, kind: DrillKind, seed: u64) -> Option<Item> {
        let graph = self.graph;
        let mut dice = Dice::new(graph.content_hash(), kind, seed);
        (0..ATTEMPTS).find_map(|_| {
            let draft = match kind {
                DrillKind::NextQuestion => next::draft(graph, &mut dice),
                DrillKind::Discriminate => discriminate::draft(graph, &mut dice),
                DrillKind::LayWords => words::draft(graph, &self.mentions, &mut dice),
                DrillKind::Order => order::draft(graph, &mut dice),
                DrillKind::Ratio => ratio::draft(graph, &mut dice),
                DrillKind::BestAnswer => best::draft(graph, &mut dice),
            }?;
            Some(draft.into_item(graph, kind, seed))
        })
    }
}
