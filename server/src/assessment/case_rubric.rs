//! A case's own rubric, in the language the consultation was held in.

use cases::Case;
use knowledge_graph::Language;

use super::{Rubric, RubricItem};

/// The rubric of `case` in `language`: its items with their topics.
pub fn rubric_of(case: &Case, language: Language) -> Rubric {
    let item = |item: &cases::format::RubricItem| RubricItem {
        id: item.id.clone(),
        text: item.text.get(language).to_owned(),
        domain: item.section.as_str().to_owned(),
        critical: item.critical,
        weight: Some(item.weight),
        topics: item.topics.clone(),
    };
    Rubric {
        id: case.id.clone(),
        presenting_complaint: Some(case.opening.get(language).to_owned()),
        items: case.rubric.iter().map(item).collect(),
    }
}
