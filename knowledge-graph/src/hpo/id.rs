//! Ids of HPO terms and of diseases in the catalogues that HPO annotates.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// An HPO term, such as `HP:0000873`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(pub(super) u32);

impl fmt::Display for TermId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HP:{:07}", self.0)
    }
}

impl FromStr for TermId {
    type Err = String;

    /// Reads `HP:` and seven digits; the prefix in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is not an HPO term; write HP: and seven digits, such as HP:0000873");
        let (prefix, digits) = text.split_once(':').ok_or_else(wrong)?;
        let sound = prefix.eq_ignore_ascii_case("HP") && digits.len() == 7;
        number(digits).filter(|_| sound).map(Self).ok_or_else(wrong)
    }
}

/// A catalogue of diseases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Catalogue {
    /// Online Mendelian Inheritance in Man.
    Omim,
    /// Orphanet.
    Orpha,
    /// DECIPHER, chromosomal imbalances.
    Decipher,
}

impl Catalogue {
    pub(super) const ALL: [Self; 3] = [Self::Omim, Self::Orpha, Self::Decipher];

    /// The prefix of its ids, such as `ORPHA`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Omim => "OMIM",
            Self::Orpha => "ORPHA",
            Self::Decipher => "DECIPHER",
        }
    }
}

/// A disease in a catalogue, such as `ORPHA:905`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RareId {
    /// The catalogue.
    pub catalogue: Catalogue,
    /// Its number there.
    pub number: u32,
}

impl fmt::Display for RareId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.catalogue.as_str(), self.number)
    }
}

impl FromStr for RareId {
    type Err = String;

    /// Reads `OMIM:`, `ORPHA:` (also `Orphanet:`) or `DECIPHER:` and a number; the prefix in any
    /// case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "`{text}` is not a disease of OMIM, ORPHA or DECIPHER; write the catalogue and a number, such as ORPHA:905"
            )
        };
        let (prefix, digits) = text.split_once(':').ok_or_else(wrong)?;
        let prefix = if prefix.eq_ignore_ascii_case("orphanet") { "ORPHA" } else { prefix };
        let catalogue = Catalogue::ALL.into_iter().find(|one| prefix.eq_ignore_ascii_case(one.as_str()));
        let (catalogue, number) = catalogue.zip(number(digits)).ok_or_else(wrong)?;
        Ok(Self { catalogue, number })
    }
}

/// Plain digits only: `u32::from_str` would also read a sign.
fn number(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

impl Serialize for TermId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for RareId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
