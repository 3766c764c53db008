//! When diseases begin.

use super::{Aspect, RareLayer, TermId};

/// Least age in years for the onset terms of HPO that name one, from their definitions.
const YOUNGEST: [(u32, u8); 10] = [
    (11_463, 1),  // Childhood onset
    (3_621, 5),   // Juvenile onset
    (3_581, 16),  // Adult onset
    (11_462, 16), // Young adult onset
    (25_708, 16), // Early young adult onset
    (25_709, 19), // Intermediate young adult onset
    (25_710, 25), // Late young adult onset
    (3_596, 40),  // Middle age onset
    (3_584, 60),  // Late onset
    (410_280, 0), // Pediatric onset
];

/// HPO's onset terms before the first birthday: antenatal (embryonal, fetal and by trimester),
/// congenital, neonatal, infantile.
const BEFORE_ONE: [u32; 9] = [30_674, 11_460, 11_461, 34_197, 34_198, 34_199, 3_577, 3_623, 3_593];

impl RareLayer {
    /// Least age in years at which the disease at this place begins, when its course says so.
    pub(super) fn youngest_onset(&self, disease: usize) -> Option<u8> {
        let course = self.rows.of(disease).iter().filter(|row| row.aspect() == Aspect::Course && !row.excluded());
        course.filter_map(|row| youngest(TermId(self.terms[usize::from(row.term)]))).min()
    }

    /// Whether a patient of this age may already have the disease.
    pub(super) fn may_have_begun(&self, disease: usize, age: u8) -> bool {
        self.youngest_onset(disease).is_none_or(|youngest| youngest <= age)
    }
}

fn youngest(onset: TermId) -> Option<u8> {
    if BEFORE_ONE.contains(&onset.0) {
        return Some(0);
    }
    YOUNGEST.iter().find(|(term, _)| *term == onset.0).map(|(_, age)| *age)
}
