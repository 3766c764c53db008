//! Diseases and terms of the imported rare layer. Each answer ends with its credit.

use knowledge_graph::{
    hpo::{Annotation, Aspect, Frequency, Join, RareDisease, RareId, Synonym, Term, TermId},
    query::Sex,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A term by its names.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RareName {
    /// Its id.
    #[schema(value_type = String, example = "HP:0000873")]
    pub id: TermId,
    /// English name.
    pub en: String,
    /// Chinese name, when names were given on import.
    pub zh: Option<String>,
}

/// A rare disease with all its rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RareDiseaseView {
    /// Its id in a catalogue.
    #[schema(value_type = String, example = "ORPHA:905")]
    pub disease: RareId,
    /// Its names; HPO has English ones only.
    pub names: Vec<String>,
    /// The same name in other catalogues.
    pub also_listed: Vec<String>,
    /// The disease of the core that speaks for it.
    pub modelled_by: Option<String>,
    /// What it has, how it is inherited and runs.
    pub annotations: Vec<RareRow>,
    /// Credit and release, to be shown.
    pub credit: String,
}

/// A row of the annotations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RareRow {
    /// The term.
    #[schema(value_type = String)]
    pub term: TermId,
    /// Its names.
    pub name: RareName,
    /// `phenotype`, `inheritance`, `course`, `modifier` or `history`.
    #[schema(value_type = String)]
    pub aspect: Aspect,
    /// Whether patients were looked at and do not have it.
    pub excluded: bool,
    /// How often, as annotated.
    #[schema(value_type = Option<String>)]
    pub frequency: Option<Frequency>,
    /// When it begins.
    pub onset: Option<RareName>,
    /// Only in this sex.
    #[schema(value_type = Option<String>)]
    pub sex: Option<Sex>,
    /// `PMID:…` or the catalogue's own entry.
    pub reference: String,
    /// `PCS` published clinical study, `TAS` the catalogue says so, `IEA` taken over by a program.
    pub evidence: &'static str,
    /// Modifier terms, separated by semicolons.
    pub modifiers: String,
    /// Core findings that are this term (name parts).
    pub findings: Vec<String>,
}

/// A term with its neighbours.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RareTermView {
    /// The term.
    #[schema(value_type = String)]
    pub term: TermId,
    /// Its names.
    pub name: RareName,
    /// English synonyms, each with how it relates: `exact`, `lay` or `near`.
    #[schema(value_type = Vec<Vec<String>>)]
    pub synonyms: Vec<(Synonym, String)>,
    /// The next broader terms.
    pub broader: Vec<RareName>,
    /// The next narrower terms.
    pub narrower: Vec<RareName>,
    /// Core findings that are this term (name parts).
    pub findings: Vec<String>,
    /// How many rare diseases have it or a narrower one.
    pub diseases: usize,
    /// Credit and release, to be shown.
    pub credit: String,
}

impl RareName {
    /// The names of `term`.
    pub fn of(term: Term<'_>) -> Self {
        Self { id: term.id(), en: term.name().to_owned(), zh: term.chinese().map(str::to_owned) }
    }
}

/// A disease of the layer with all its rows.
pub fn rare_disease(join: &Join<'_>, disease: RareDisease<'_>) -> RareDiseaseView {
    let layer = join.layer();
    RareDiseaseView {
        disease: disease.id(),
        names: disease.names().map(str::to_owned).collect(),
        also_listed: layer.also_listed(disease).iter().map(ToString::to_string).collect(),
        modelled_by: join.modelled_by(disease).map(str::to_owned),
        annotations: disease.annotations().map(|annotation| row(join, annotation)).collect(),
        credit: layer.release().credit(),
    }
}

fn row(join: &Join<'_>, row: Annotation<'_>) -> RareRow {
    RareRow {
        term: row.term.id(),
        name: RareName::of(row.term),
        aspect: row.aspect,
        excluded: row.excluded,
        frequency: row.frequency,
        onset: row.onset.map(RareName::of),
        sex: row.sex,
        reference: row.reference.to_owned(),
        evidence: row.evidence,
        modifiers: row.modifiers.to_owned(),
        findings: join.findings_of(row.term).iter().map(|finding| (*finding).to_owned()).collect(),
    }
}

/// A term of the layer with its neighbours.
pub fn rare_term(join: &Join<'_>, term: Term<'_>) -> RareTermView {
    let layer = join.layer();
    let has_it = |one: &RareDisease<'_>| one.annotations().any(|row| !row.excluded && row.term.is_a(term));
    RareTermView {
        term: term.id(),
        name: RareName::of(term),
        synonyms: term.synonyms().map(|(kind, text)| (kind, text.to_owned())).collect(),
        broader: term.parents().map(RareName::of).collect(),
        narrower: term.children().map(RareName::of).collect(),
        findings: join.findings_of(term).iter().map(|finding| (*finding).to_owned()).collect(),
        diseases: layer.diseases().filter(has_it).count(),
        credit: layer.release().credit(),
    }
}
