//! Drills: short items made from the graph and graded by it. Pure.
//!
//! An item is a function of the graph's content, its kind and a seed ([`Source::generate`]); it carries both
//! languages, its key, the reason for every option and the sources its key rests on. What nobody
//! verified decides nothing: a key must win by its margin with verified claims alone, and again with
//! the frequencies that their authors estimated (`VIEWS`). A seed for which no such item can be
//! made gives none.

mod best;
mod dice;
mod discriminate;
mod item;
mod kin;
mod next;
mod order;
mod people;
mod rating;
mod ratio;
mod reasons;
mod scoring;
mod search;
mod stock;
mod vignette;
mod wording;
mod words;

#[cfg(test)]
mod item_tests;
#[cfg(test)]
mod tests;

pub use item::{Choice, DrillKind, Item, Key};
pub use rating::{MIN_ANSWERS, Rating, WEAK_DISCRIMINATION, discrimination, expected, rated};
pub use scoring::{Answer, guess, score};

use knowledge_graph::{Graph, query::Options};

use dice::Dice;
use stock::Stock;

/// What counts when a key is found: verified claims without estimated frequencies, then with them.
/// Claims graded `unverified` count in neither.
const VIEWS: [Options; 2] = [
    Options { unverified: false, estimates: false, something_else: 0.1 },
    Options { unverified: false, estimates: true, something_else: 0.1 },
];

/// Attempts at an item before a seed is given up.
const ATTEMPTS: u32 = 60;
/// Attempts with one disease before another is tried: else those for which an item is easily made would
/// be asked of again and again.
const PER_DISEASE: u32 = 8;

/// What items are made from. Making it ready takes a while; keep it.
pub struct Source<'g> {
    stock: Stock<'g>,
}

impl<'g> Source<'g> {
    /// Gets ready to make items from `graph`.
    pub fn new(graph: &'g Graph) -> Self {
        Self { stock: Stock::new(graph) }
    }

    /// The item of that kind and seed; `None` when the seed leads to none with one best answer. The
    /// same graph, kind and seed always give the same item.
    pub fn generate(&self, kind: DrillKind, seed: u64) -> Option<Item> {
        let stock = &self.stock;
        let draft = (0..ATTEMPTS).find_map(|attempt| {
            let mut dice = Dice::new(kind, seed, "attempt", attempt);
            let of = if kind == DrillKind::Discriminate { &stock.adults } else { &stock.described };
            let disease = *Dice::new(kind, seed, "disease", attempt / PER_DISEASE).pick(of)?;
            match kind {
                DrillKind::NextQuestion => next::draft(stock, disease, &mut dice),
                DrillKind::Discriminate => discriminate::draft(stock, disease, &mut dice),
                DrillKind::LayWords => words::draft(stock, &mut dice),
                DrillKind::Order => order::draft(stock, disease, &mut dice),
                DrillKind::Ratio => ratio::draft(stock, &mut dice),
                DrillKind::BestAnswer => best::draft(stock, disease, &mut dice),
            }
        })?;
        Some(draft.into_item(stock.graph, kind, seed))
    }
}
