//! The words around an item of a consultation: how it was asked, or what was asked where it was missed.

use std::collections::BTreeMap;

use cases::Case;
use knowledge_graph::{Language, TopicId};
use uuid::Uuid;

use crate::{
    assessment::{Evidence, ItemReport},
    catalogue::Catalogue,
    classroom::ClassroomError,
    debrief::{Quote, exchange_of_turn},
    moderation::counting_report,
    store::{Store, TurnRecord},
};

/// Quotations shown of a consultation.
const MOST: usize = 2;

/// An item of one consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The consultation.
    pub encounter: Uuid,
    /// The item's id.
    pub item: String,
    /// Whether it was asked.
    pub asked: bool,
    /// Whether a person has still to decide.
    pub with_examiner: bool,
    /// Where it was asked; else what was asked in the same section.
    pub quotes: Vec<Quote>,
    /// The language spoken.
    pub language: Language,
}

/// What was said around `topic` in a finished consultation; none when its case does not ask for it, or it
/// cannot be read.
pub async fn around(
    store: &Store,
    catalogue: &Catalogue,
    id: Uuid,
    topic: &TopicId,
) -> Result<Option<Around>, ClassroomError> {
    let Some(encounter) = store.encounter(id).await? else { return Ok(None) };
    let Some(case) = catalogue.case(&encounter.case_id, encounter.case_version).await? else { return Ok(None) };
    let Some(wanted) = case.rubric.iter().find(|item| item.topics.first() == Some(topic)) else { return Ok(None) };
    let Ok((report, _)) = counting_report(store, &encounter, &case).await else { return Ok(None) };
    let turns = store.turns(id).await?;
    let Some(graded) = report.items.iter().find(|item| item.id == wanted.id) else { return Ok(None) };
    let evidence: Vec<&Evidence> = if graded.asked {
        graded.evidence.iter().collect()
    } else {
        asked_in_section(&case, &report.items, wanted.section.as_str())
    };
    Ok(Some(Around {
        encounter: id,
        item: wanted.id.clone(),
        asked: graded.asked,
        with_examiner: graded.needs_review,
        quotes: quotes(&turns, &evidence),
        language: encounter.language,
    }))
}

fn asked_in_section<'a>(case: &Case, items: &'a [ItemReport], section: &str) -> Vec<&'a Evidence> {
    let sections: BTreeMap<&str, &str> =
        case.rubric.iter().map(|item| (item.id.as_str(), item.section.as_str())).collect();
    let asked = items.iter().filter(|item| item.asked && sections.get(item.id.as_str()) == Some(&section));
    asked.filter_map(|item| item.evidence.first()).collect()
}

fn quotes(turns: &[TurnRecord], evidence: &[&Evidence]) -> Vec<Quote> {
    let exchanges = exchange_of_turn(turns);
    let mut quotes: Vec<Quote> = Vec::new();
    for one in evidence {
        let Some(&turn) = exchanges.get(one.turn) else { continue };
        if quotes.iter().all(|known| known.turn != turn) {
            quotes.push(Quote { turn, words: one.quote.clone() });
        }
    }
    quotes.truncate(MOST);
    quotes
}
