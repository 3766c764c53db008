//! A case as far as a mode practises it.

use std::sync::Arc;

use cases::format::{Case, Disclosure};
use knowledge_graph::Section;

use crate::store::Mode;

/// `case` as it is played and graded under `mode`. Where one section is practised on its own, only
/// that section's items count and the patient tells whatever is asked for, trusted or not.
pub fn practised(case: Arc<Case>, mode: Mode) -> Arc<Case> {
    let Some(section) = mode.section() else { return case };
    let mut case = Arc::unwrap_or_clone(case);
    case.rubric.retain(|item| item.section == section);
    for fact in &mut case.facts {
        if fact.disclosure == Disclosure::NeedsTrust {
            fact.disclosure = Disclosure::Asked;
        }
    }
    Arc::new(case)
}

/// The sections that `case` has items in, in the order of a history.
pub fn sections(case: &Case) -> Vec<Section> {
    let has_items = |section: &Section| case.rubric.iter().any(|item| item.section == *section);
    Section::ALL.iter().copied().filter(has_items).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_on_its_own_keeps_its_items_and_holds_nothing_back() {
        let case = Arc::new(cases::library().unwrap()[0].clone());
        assert!(case.facts.iter().any(|fact| fact.disclosure == Disclosure::NeedsTrust));

        for section in sections(&case) {
            let practised = practised(Arc::clone(&case), Mode::Skill(section));

            assert!(!practised.rubric.is_empty());
            assert!(practised.rubric.iter().all(|item| item.section == section));
            assert!(practised.facts.iter().all(|fact| fact.disclosure != Disclosure::NeedsTrust));
            assert_eq!(practised.facts.len(), case.facts.len());
        }
        assert_eq!(practised(Arc::clone(&case), Mode::SelfTest), case);
    }
}
