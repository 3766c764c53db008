//! Shares with their intervals.

/// The standard normal quantile of two-sided 95 % intervals.
const Z: f64 = 1.959_964;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub count: u32,
    /// Of how many.
    pub of: u32,
}

/// By how much one share is above another, with its interval; in parts of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Second minus first.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
}

impl Share {
    /// 0–1; 0 of nothing.
    pub fn value(self) -> f64 {
        if self.of == 0 { 0.0 } else { f64::from(self.count) / f64::from(self.of) }
    }

    /// The 95 % score interval (Wilson 1927, J Am Stat Assoc 22:209–212); 0–1 of nothing.
    pub fn interval(self) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, p) = (f64::from(self.of), self.value());
        let centre = p + Z * Z / (2.0 * n);
        let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
    }

    /// This share minus `before`, with the score interval of the difference of independent shares
    /// (Newcombe 1998, Stat Med 17:873–890, method 10).
    pub fn minus(self, before: Self) -> Difference {
        let value = self.value() - before.value();
        let ((low, high), (low_before, high_before)) = (self.interval(), before.interval());
        let (p, q) = (self.value(), before.value());
        Difference {
            value,
            low: value - ((p - low).powi(2) + (high_before - q).powi(2)).sqrt(),
            high: value + ((high - p).powi(2) + (q - low_before).powi(2)).sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_papers() {
        // Newcombe 1998, Stat Med 17:857–872 (Wilson without continuity correction) and 17:873–890, table II.
        let near = |found: f64, printed: f64| assert!((found - printed).abs() < 5e-4, "{found} is not {printed}");
        let (low, high) = Share { count: 81, of: 263 }.interval();
        near(low, 0.2553);
        near(high, 0.3662);
        let (low, high) = Share { count: 15, of: 148 }.interval();
        near(low, 0.0624);
        near(high, 0.1605);
        let difference = Share { count: 56, of: 70 }.minus(Share { count: 48, of: 80 });
        near(difference.low, 0.0524);
        near(difference.high, 0.3339);
    }

    #[test]
    fn nothing_says_nothing() {
        assert_eq!(Share::default().interval(), (0.0, 1.0));
        assert!(Share::default().value().abs() < f64::EPSILON);
    }
}
