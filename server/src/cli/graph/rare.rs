//! What `anamnesis graph` says of rare diseases. All of it ends with the credit.

use knowledge_graph::{
    Graph,
    hpo::{
        Aspect, Candidate, Hit, Join, RareContribution, RareDifferential, RareDisease, RareId, RareLayer, RareQuestion,
        Term, TermId,
    },
    query::Presence,
};

use super::{
    super::{BadInput, say},
    answers::explained,
};
use crate::explore;

pub(super) fn missing() -> BadInput {
    BadInput(explore::AskedError::NoLayer.to_string())
}

/// Prints a disease of a catalogue or a term, by id.
pub(super) fn show(graph: &Graph, layer: &RareLayer, id: &str, json: bool) -> anyhow::Result<()> {
    let join = Join::new(graph, layer);
    if let Ok(term) = id.parse::<TermId>() {
        let term = layer.term(term).ok_or_else(|| unknown(layer, id))?;
        return show_term(&join, term, json);
    }
    let disease = id.parse::<RareId>().map_err(BadInput)?;
    let disease = layer.disease(disease).ok_or_else(|| unknown(layer, id))?;
    show_disease(&join, disease, json)
}

fn unknown(layer: &RareLayer, id: &str) -> BadInput {
    let release = &layer.release().annotations;
    BadInput(format!("release {release} does not have `{id}`; try `anamnesis graph search` with a name"))
}

fn show_disease(join: &Join<'_>, disease: RareDisease<'_>, json: bool) -> anyhow::Result<()> {
    let layer = join.layer();
    let also: Vec<String> = layer.also_listed(disease).iter().map(ToString::to_string).collect();
    let credit = layer.release().credit();
    if json {
        say(serde_json::to_string_pretty(&explore::rare_disease(join, disease))?);
        return Ok(());
    }
    say(format_args!("{}  {}", disease.id(), disease.names().collect::<Vec<_>>().join("; ")));
    if !also.is_empty() {
        say(format_args!("also listed, under the same name: {}", also.join(", ")));
    }
    if let Some(core) = join.modelled_by(disease) {
        say(format_args!("modelled in the core: disease:{core}"));
    }
    for (aspect, title) in [
        (Aspect::Phenotype, "findings"),
        (Aspect::History, "past medical history"),
        (Aspect::Course, "onset and course"),
        (Aspect::Inheritance, "inheritance"),
        (Aspect::Modifier, "modifiers"),
    ] {
        let mut rows = disease.annotations().filter(|row| row.aspect == aspect).peekable();
        if rows.peek().is_some() {
            say(title);
        }
        rows.for_each(|row| say(format_args!("  {}  {}: {}", row.term.id(), label(row.term), row.summary())));
    }
    say(credit);
    Ok(())
}

fn show_term(join: &Join<'_>, term: Term<'_>, json: bool) -> anyhow::Result<()> {
    if json {
        say(serde_json::to_string_pretty(&explore::rare_term(join, term))?);
        return Ok(());
    }
    say(format_args!("{}  {}", term.id(), label(term)));
    for (synonym, text) in term.synonyms() {
        say(format_args!("  {synonym:?}: {text}"));
    }
    term.parents().for_each(|one| say(format_args!("  broader: {}  {}", one.id(), label(one))));
    term.children().for_each(|one| say(format_args!("  narrower: {}  {}", one.id(), label(one))));
    let view = explore::rare_term(join, term);
    for finding in view.findings {
        say(format_args!("  in the core: finding:{finding}"));
    }
    say(format_args!("{} diseases have it or a narrower one", view.diseases));
    say(view.credit);
    Ok(())
}

/// Both names of a term, for people.
fn label(term: Term<'_>) -> String {
    term.chinese().map_or_else(|| term.name().to_owned(), |chinese| format!("{} / {chinese}", term.name()))
}

/// Prints what a search found, `top` at most.
pub(super) fn hits(graph: &Graph, layer: &RareLayer, hits: &[Hit<'_>], top: usize) {
    let join = Join::new(graph, layer);
    for hit in hits.iter().take(top) {
        match hit {
            Hit::Disease(disease) => say(format_args!("{}  {}", disease.id(), disease.name())),
            Hit::Term(term) => {
                let core = join.findings_of(*term).first().map(|finding| format!("  (finding:{finding})"));
                say(format_args!("{}  {}{}", term.id(), label(*term), core.unwrap_or_default()));
            }
        }
    }
    if hits.len() > top {
        say(format_args!("and {} more; --top shows more", hits.len() - top));
    }
    if !hits.is_empty() {
        say(layer.release().credit());
    }
}

/// The id of what was found.
pub(super) fn id(hit: &Hit<'_>) -> String {
    match hit {
        Hit::Disease(disease) => disease.id().to_string(),
        Hit::Term(term) => term.id().to_string(),
    }
}

pub(super) fn differential(result: &RareDifferential) {
    for candidate in &result.candidates {
        match candidate {
            Candidate::Core { disease, probability, contributions } => {
                say(format_args!("{:>6.1}%  {disease}", probability * 100.0));
                for one in contributions {
                    say(explained(one));
                }
            }
            Candidate::Hpo { disease, name, also_listed, probability, contributions } => {
                let also: Vec<String> = also_listed.iter().map(ToString::to_string).collect();
                let also = if also.is_empty() { String::new() } else { format!(" (also {})", also.join(", ")) };
                say(format_args!("{:>6.1}%  {disease}  {name}{also}", probability * 100.0));
                for one in contributions {
                    say(from_rows(one));
                }
            }
        }
    }
    say(format_args!("{:>6.1}%  something else", result.something_else * 100.0));
    let (core, rare) = (result.core * 100.0, result.rare * 100.0);
    say(format_args!("{core:>6.1}%  all of the core, {rare:.1}% all rare diseases"));
    say(format_args!(
        "Every rare disease is assumed to have {} case in 100,000: its source gives no prevalence.",
        result.assumed_cases_per_100_000
    ));
    say(&result.credit);
}

fn from_rows(contribution: &RareContribution) -> String {
    let RareContribution { evidence, presence, lr, term, rows } = contribution;
    let sign = if *presence == Presence::Present { '+' } else { '-' };
    let Some(term) = term else { return format!("         {sign} {evidence}  ×{lr:.2} (not annotated)") };
    format!("         {sign} {evidence}  ×{lr:.2} derived ({term}: {})", rows.join("; "))
}

pub(super) fn questions(graph: &Graph, layer: &RareLayer, questions: &[RareQuestion]) {
    for question in questions {
        let topic = question.topic.as_ref().map(ToString::to_string);
        let asked = question.topic.as_ref().and_then(|topic| graph.topic(topic));
        let asked = asked.and_then(|info| info.questions.en.first().cloned());
        let term = question.term.and_then(|term| layer.term(term));
        let about = topic.or_else(|| term.map(|term| term.id().to_string())).unwrap_or_default();
        let words = asked.or_else(|| term.map(|term| term.lay().next().unwrap_or(term.name()).to_owned()));
        say(format_args!("{:.3} bits  {about}  {}", question.information_gain_bits, words.unwrap_or_default()));
    }
    say(layer.release().credit());
}
