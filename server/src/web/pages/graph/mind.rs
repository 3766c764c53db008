//! What would change your mind: choose what the patient has and has not, see what it could be, and
//! which findings would move belief most.

mod address;
mod views;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use knowledge_graph::{
    TopicId, TopicKind,
    hpo::{self, Join, RareLayer},
    query::{self, Patient, Presence, Sex},
};

use self::{
    address::Address,
    views::{CandidateView, Chip, Choice, MoverView},
};
use super::words::percent;
use crate::{
    app::{App, AppState},
    explore::{self, AskedError, Meant, Picture, listed},
    web::{
        auth::Explorer,
        error::WebError,
        pages::frame::{Frame, Notice, Place},
        work::apart,
    },
};

/// Diseases and findings shown.
const SHOWN: usize = 8;
/// Choices offered for words that are not clear.
const OFFERED: usize = 10;

#[derive(Template, WebTemplate)]
#[template(path = "pages/graph_mind.html")]
struct MindPage {
    page: Frame,
    /// What is known, for the form to keep.
    present: String,
    absent: String,
    age: String,
    sex: String,
    rare: bool,
    /// Whether rare diseases can take part.
    layer: bool,
    chips: Vec<Chip>,
    /// What was typed and means several findings or none.
    unclear: Option<Unclear>,
    examples: Vec<Choice>,
    outcome: Option<Outcome>,
}

struct Unclear {
    text: String,
    choices: Vec<Choice>,
}

/// What it could be, and what would change that.
struct Outcome {
    candidates: Vec<CandidateView>,
    something_else: String,
    something_else_percent: f64,
    movers: Vec<MoverView>,
    /// Credit of the rare layer and the prior that was assumed, when it took part.
    credit: Option<String>,
}

pub(super) async fn get(
    State(app): State<AppState>,
    _: Explorer,
    page: Frame,
    Query(asked): Query<Address>,
) -> Result<Response, WebError> {
    apart(move || {
        let page = page.at(Place::Graph);
        match added(&app, &asked) {
            Added::To(address) => Ok(Redirect::to(&address.to_string()).into_response()),
            Added::Nothing => Ok(show(&app, page, &asked, None)?.into_response()),
            Added::Unclear(unclear) => Ok(show(&app, page, &asked, Some(unclear))?.into_response()),
        }
    })
    .await
}

/// What became of the words typed into the box.
enum Added {
    Nothing,
    To(Address),
    Unclear(Vec<TopicId>),
}

const fn is_evidence(kind: TopicKind) -> bool {
    matches!(kind, TopicKind::Finding | TopicKind::RiskFactor)
}

fn added(app: &App, asked: &Address) -> Added {
    if asked.add.trim().is_empty() {
        return Added::Nothing;
    }
    match explore::meant(app.graph, &asked.add, is_evidence) {
        Meant::One(topic) => Added::To(asked.with(&topic.to_string(), asked.presence())),
        Meant::Perhaps(found) => Added::Unclear(found),
    }
}

fn show(app: &App, mut page: Frame, asked: &Address, unclear: Option<Vec<TopicId>>) -> Result<MindPage, WebError> {
    let layer = app.rare.layer()?;
    let rare = layer.as_deref().filter(|_| asked.takes_rare());
    let (known, unknown) = known(app, asked, layer.as_deref());
    let patient = known.patient();
    page.notice = match (unknown.first(), &patient) {
        (Some(id), _) => Some(Notice::wrong(page.say("graph-mind-unknown").with("id", id).to_string())),
        (None, Err(_)) => Some(Notice::wrong(page.t("graph-mind-half-patient"))),
        (None, Ok(_)) => None,
    };
    let picture = known.picture();
    let outcome = if known.is_empty() {
        None
    } else {
        Some(outcome(app, &page, &known, &picture, patient.unwrap_or_default(), rare)?)
    };
    let unclear = unclear.map(|found| Unclear {
        text: asked.add.clone(),
        choices: found.iter().take(OFFERED).filter_map(|id| views::choice(app, &page, &known, id)).collect(),
    });
    Ok(MindPage {
        present: known.present.clone(),
        absent: known.absent.clone(),
        age: known.age.clone(),
        sex: known.sex.clone(),
        rare: known.takes_rare(),
        layer: layer.is_some(),
        chips: views::chips(app, &page, &known, layer.as_deref()),
        unclear,
        examples: views::examples(app, &page, &known),
        outcome,
        page,
    })
}

/// What is asked, without what the graph does not know; and that.
fn known(app: &App, asked: &Address, layer: Option<&RareLayer>) -> (Address, Vec<String>) {
    let exists = |id: &String| match layer {
        Some(layer) if asked.takes_rare() => {
            explore::evidence_with_terms(app.graph, layer, std::slice::from_ref(id), &[]).is_ok()
        }
        _ => explore::topic(app.graph, id).is_ok(),
    };
    let (present, no_present): (Vec<String>, Vec<String>) = listed(&asked.present).into_iter().partition(exists);
    let (absent, no_absent): (Vec<String>, Vec<String>) = listed(&asked.absent).into_iter().partition(exists);
    let known = Address { present: present.join(","), absent: absent.join(","), add: String::new(), ..asked.clone() };
    (known, no_present.into_iter().chain(no_absent).collect())
}

fn outcome(
    app: &App,
    page: &Frame,
    known: &Address,
    picture: &Picture,
    patient: Option<Patient>,
    rare: Option<&RareLayer>,
) -> Result<Outcome, WebError> {
    let (graph, options) = (app.graph, picture.options());
    let (candidates, something_else, credit) = match rare {
        None => {
            let evidence = picture.evidence(graph)?;
            let result = query::differential(graph, &evidence, patient, &options);
            let shown = result.posteriors.iter().take(SHOWN).map(|one| views::core(app, page, one)).collect();
            (shown, result.something_else, None)
        }
        Some(layer) => {
            let (topics, terms) = picture.evidence_with_terms(graph, layer)?;
            let join = Join::new(graph, layer);
            let rare_options = hpo::RareOptions { top: SHOWN, ..picture.rare_options() };
            let result = hpo::rare_differential(&join, &topics, &terms, patient, &rare_options);
            let shown = result.candidates.iter().map(|one| views::either(app, page, one)).collect();
            (shown, result.something_else, Some(result.credit))
        }
    };
    let topics = known.core_only();
    let movers = query::movers(graph, &topics.picture().evidence(graph)?, patient, &options, SHOWN);
    Ok(Outcome {
        candidates,
        something_else: percent(something_else),
        something_else_percent: something_else * 100.0,
        movers: movers.iter().filter_map(|mover| views::mover(app, page, known, mover)).collect(),
        credit,
    })
}

impl Address {
    fn presence(&self) -> Presence {
        if self.answer == "absent" { Presence::Absent } else { Presence::Present }
    }

    fn patient(&self) -> Result<Option<Patient>, AskedError> {
        self.picture().patient()
    }

    fn picture(&self) -> Picture {
        let sex = match self.sex.as_str() {
            "female" => Some(Sex::Female),
            "male" => Some(Sex::Male),
            _ => None,
        };
        // Something written that is no age is no age of anybody, which is half a patient at best.
        let age = if self.age.trim().is_empty() { None } else { Some(self.age.trim().parse().unwrap_or(u8::MAX)) };
        Picture { present: self.present.clone(), absent: self.absent.clone(), age, sex, ..Picture::default() }
    }
}
