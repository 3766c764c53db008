//! Points, exact to the hundredth.

use std::{fmt, iter::Sum};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Points in whole hundredths; written as a number such as 0.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Points(u32);

/// More than any scheme has.
const MOST: f64 = 100_000.0;

impl Points {
    /// None.
    pub const ZERO: Self = Self(0);

    /// So many hundredths.
    pub const fn hundredths(count: u32) -> Self {
        Self(count)
    }

    /// In hundredths.
    pub const fn in_hundredths(self) -> u32 {
        self.0
    }

    /// As a number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// How many whole `step`s; 0 when the step is.
    pub const fn steps(self, step: Self) -> u64 {
        match self.0.checked_div(step.0) {
            Some(steps) => steps as u64,
            None => 0,
        }
    }

    /// Whether it is a whole number of `step`s.
    pub const fn is_whole(self, step: Self) -> bool {
        step.0 > 0 && self.0.is_multiple_of(step.0)
    }

    /// So many steps of this size.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(u32::try_from(count.saturating_mul(u64::from(self.0))).unwrap_or(u32::MAX))
    }

    /// What is left after taking `other` off, at least nothing.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// 100 × this ÷ `of`, to the hundredth; 0 when nothing was possible.
    pub fn percent(self, of: Self) -> f64 {
        if of.0 == 0 { 0.0 } else { (10_000.0 * f64::from(self.0) / f64::from(of.0)).round() / 100.0 }
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, |sum, one| Self(sum.0.saturating_add(one.0)))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value())
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let hundredths = (number * 100.0).round();
        if !(0.0..=MOST).contains(&number) || (hundredths - number * 100.0).abs() > 1e-6 {
            return Err(D::Error::custom(format!(
                "{number} is no number of points; write 0 to 100000, to the hundredth"
            )));
        }
        // In range and whole by the line above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 0 to 10,000,000")]
        Ok(Self(hundredths as u32))
    }
}
