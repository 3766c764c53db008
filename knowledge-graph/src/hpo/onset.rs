//! When diseases begin.

use super::{Aspect, RareLayer, Term, TermId};

/// Ages in years, least and greatest, that the onset terms of HPO name in their definitions; those
/// before the first birthday are antenatal, congenital, neonatal and infantile.
const YEARS: [(u32, u8, u8); 19] = [
    (30_674, 0, 0),   // Antenatal onset
    (11_460, 0, 0),   // Embryonal onset
    (11_461, 0, 0),   // Fetal onset
    (34_197, 0, 0),   // Third trimester onset
    (34_198, 0, 0),   // Second trimester onset
    (34_199, 0, 0),   // Late first trimester onset
    (3_577, 0, 0),    // Congenital onset
    (3_623, 0, 0),    // Neonatal onset
    (3_593, 0, 0),    // Infantile onset
    (410_280, 0, 15), // Pediatric onset
    (11_463, 1, 5),   // Childhood onset
    (3_621, 5, 15),   // Juvenile onset
    (3_581, 16, 70),  // Adult onset; HPO gives no end
    (11_462, 16, 40), // Young adult onset
    (25_708, 16, 19), // Early young adult onset
    (25_709, 19, 25), // Intermediate young adult onset
    (25_710, 25, 40), // Late young adult onset
    (3_596, 40, 60),  // Middle age onset
    (3_584, 60, 80),  // Late onset; HPO gives no end
];

impl Term<'_> {
    /// Ages in years, least and greatest, that an onset term names; `None` for any other term.
    pub fn onset_years(self) -> Option<(u8, u8)> {
        YEARS.iter().find(|(term, ..)| TermId(*term) == self.id()).map(|(_, low, high)| (*low, *high))
    }
}

impl RareLayer {
    /// Least age in years at which the disease at this place begins, when its course says so.
    pub(super) fn youngest_onset(&self, disease: usize) -> Option<u8> {
        let course = self.rows.of(disease).iter().filter(|row| row.aspect() == Aspect::Course && !row.excluded());
        course.filter_map(|row| Term { layer: self, at: row.term }.onset_years()).map(|(youngest, _)| youngest).min()
    }

    /// Whether a patient of this age may already have the disease.
    pub(super) fn may_have_begun(&self, disease: usize, age: u8) -> bool {
        self.youngest_onset(disease).is_none_or(|youngest| youngest <= age)
    }
}
