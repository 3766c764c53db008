//! The address of the page says all that is known of the patient, so that it can be kept and shared.

use std::fmt;

use knowledge_graph::query::Presence;
use serde::Deserialize;

use crate::explore::listed;

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in super::super) struct Address {
    /// Ids of what the patient has, separated by commas.
    pub(super) present: String,
    /// Ids of what the patient does not have.
    pub(super) absent: String,
    pub(super) age: String,
    pub(super) sex: String,
    /// `on` when rare diseases take part.
    pub(super) rare: String,
    /// Words to be added, and whether as `present` or `absent`.
    pub(super) add: String,
    #[serde(rename = "as")]
    pub(super) answer: String,
}

impl Address {
    /// Whether rare diseases take part.
    pub(super) fn takes_rare(&self) -> bool {
        !self.rare.is_empty()
    }

    /// Whether nothing is known yet.
    pub(super) fn is_empty(&self) -> bool {
        listed(&self.present).is_empty() && listed(&self.absent).is_empty()
    }

    /// Without `id`.
    pub(super) fn without(&self, id: &str) -> Self {
        let rest = |text: &str| listed(text).into_iter().filter(|one| one != id).collect::<Vec<_>>().join(",");
        Self {
            present: rest(&self.present),
            absent: rest(&self.absent),
            add: String::new(),
            answer: String::new(),
            ..self.clone()
        }
    }

    /// With `id` known; what was said of it before no longer holds.
    pub(super) fn with(&self, id: &str, presence: Presence) -> Self {
        let mut address = self.without(id);
        let list = match presence {
            Presence::Present => &mut address.present,
            Presence::Absent => &mut address.absent,
        };
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(id);
        address
    }

    /// Without HPO terms, which the core does not know.
    pub(super) fn core_only(&self) -> Self {
        let core = |text: &str| {
            let ids =
                listed(text).into_iter().filter(|id| !id.get(..3).is_some_and(|id| id.eq_ignore_ascii_case("hp:")));
            ids.collect::<Vec<_>>().join(",")
        };
        Self { present: core(&self.present), absent: core(&self.absent), ..self.clone() }
    }
}

impl fmt::Display for Address {
    /// As a path; what is typed but not yet understood is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing else belongs there, and nothing else may be written into an address.
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_ascii_alphanumeric() || ":,-/".contains(*c)).collect()
        };
        let parts = [
            ("present", &self.present),
            ("absent", &self.absent),
            ("age", &self.age),
            ("sex", &self.sex),
            ("rare", &self.rare),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| format!("{name}={}", plain(value)))
            .collect();
        f.write_str("/graph/mind")?;
        if parts.is_empty() { Ok(()) } else { write!(f, "?{}", parts.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address { present: "finding:a,finding:b".to_owned(), age: "60".to_owned(), ..Address::default() }
    }

    #[test]
    fn a_finding_is_present_or_absent_but_never_both() {
        let changed = address().with("finding:a", Presence::Absent);

        assert_eq!(changed.to_string(), "/graph/mind?present=finding:b&absent=finding:a&age=60");
        assert_eq!(changed.without("finding:a").without("finding:b").to_string(), "/graph/mind?age=60");
    }

    #[test]
    fn what_is_typed_cannot_write_other_parts_of_the_address() {
        let odd = Address { age: "6&rare=on#<".to_owned(), ..Address::default() };
        assert_eq!(odd.to_string(), "/graph/mind?age=6rareon");
    }

    #[test]
    fn terms_of_the_rare_layer_are_left_out_for_the_core() {
        let mixed = Address { present: "finding:a,HP:0000873".to_owned(), ..Address::default() };
        assert_eq!(mixed.core_only().present, "finding:a");
    }
}
