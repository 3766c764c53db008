//! Finding terms and diseases by id or by text in either language.

use super::{RareDisease, RareId, RareLayer, Term, TermId};
use crate::{
    fit::{Fit, best_fit},
    normalise,
};

/// Something found.
#[derive(Clone, Copy, Debug)]
pub enum Hit<'a> {
    /// A disease.
    Disease(RareDisease<'a>),
    /// A term.
    Term(Term<'a>),
}

impl RareLayer {
    /// Diseases and terms with this id, or whose names or synonyms hold the text: whole names
    /// first, then names that begin with it, then the rest; diseases before terms, by length.
    pub fn search(&self, text: &str) -> Vec<Hit<'_>> {
        if let Ok(id) = text.trim().parse::<RareId>() {
            return self.disease(id).map(Hit::Disease).into_iter().collect();
        }
        if let Ok(id) = text.trim().parse::<TermId>() {
            return self.term(id).map(Hit::Term).into_iter().collect();
        }
        let wanted = normalise(text);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Fit, bool, usize, Hit<'_>)> = Vec::new();
        for disease in self.diseases() {
            if let Some(fit) = best_fit(disease.names(), &wanted) {
                found.push((fit, false, disease.name().len(), Hit::Disease(disease)));
            }
        }
        for term in self.terms() {
            let names = std::iter::once(term.name()).chain(term.chinese());
            if let Some(fit) = best_fit(names.chain(term.synonyms().map(|(_, text)| text)), &wanted) {
                found.push((fit, true, term.name().len(), Hit::Term(term)));
            }
        }
        found.sort_by_key(|(fit, term, length, _)| (*fit, *term, *length));
        found.into_iter().map(|(.., hit)| hit).collect()
    }
}
