//! What `anamnesis graph` is asked, and of which patient.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use knowledge_graph::{
    Graph, TopicId,
    hpo::{FLAT_PRIOR, RareLayer, RareOptions},
    query::{Options, Patient, Presence, Sex},
};

use super::import::Import;
use crate::explore::{self, AskedError, BothEvidence};

#[derive(Debug, Subcommand)]
pub(super) enum Question {
    /// Name every problem of the content with its file, line and mend.
    Check,
    /// Count what is in the graph and how well founded it is.
    Stats,
    /// What could it be, given what the patient has and has not.
    Differential {
        #[command(flatten)]
        picture: Picture,
        #[command(flatten)]
        rare: RareArgs,
        /// How many diseases to show.
        #[arg(long, default_value_t = 10)]
        top: usize,
    },
    /// Which question would tell most now.
    Next {
        #[command(flatten)]
        picture: Picture,
        #[command(flatten)]
        rare: RareArgs,
        /// How many questions to show.
        #[arg(long, default_value_t = 10)]
        top: usize,
    },
    /// Why a topic matters for a disease.
    Why {
        /// Topic, such as `finding:chest-pain/radiation` or `history:smoking`.
        topic: String,
        /// Disease, such as `pulmonary-embolism`.
        disease: String,
    },
    /// How two nodes hang together.
    Path {
        /// Topic at the start.
        from: String,
        /// Topic at the end.
        to: String,
    },
    /// Topics whose names or lay words hold a text, diseases it may name, and imported rare
    /// diseases and terms of that name or id.
    Search {
        /// Text, in English or Chinese, or an id: OMIM:…, ORPHA:…, DECIPHER:…, HP:….
        text: String,
        /// How many rare diseases and terms to show.
        #[arg(long, default_value_t = 20)]
        top: usize,
    },
    /// All that is known of an imported rare disease or term, with its references.
    Show {
        /// Id: OMIM:…, ORPHA:…, DECIPHER:… or HP:….
        id: String,
    },
    /// What a guideline or an abstract proposes for the graph, each with its quotation; nothing is
    /// changed.
    Propose {
        /// The text: .txt or .md, UTF-8.
        file: PathBuf,
        /// Its title, which says what it is about where sentences do not.
        #[arg(long, default_value = "")]
        title: String,
    },
    /// Import rare diseases.
    Import {
        #[command(subcommand)]
        what: Import,
    },
}

/// Whether imported rare diseases take part.
#[derive(Debug, Args)]
pub(super) struct RareArgs {
    /// Let imported rare diseases take part; findings may then also be HPO terms (HP:0000873).
    #[arg(long)]
    pub(super) rare: bool,
    /// Cases of every rare disease per 100,000 people. Their source gives none: an assumption.
    #[arg(long, requires = "rare", default_value_t = FLAT_PRIOR, value_name = "CASES", value_parser = cases)]
    rare_prior: f64,
}

/// A number of cases per 100,000 people.
fn cases(text: &str) -> Result<f64, String> {
    let cases: Option<f64> = text.parse().ok().filter(|cases| (0.0..=100_000.0).contains(cases));
    cases.ok_or_else(|| "give a number from 0 to 100000".to_owned())
}

/// What is known of a patient.
#[derive(Debug, Args)]
pub(super) struct Picture {
    /// What the patient has: topics separated by commas; a bare name is a finding.
    #[arg(long, value_delimiter = ',', value_name = "TOPICS")]
    present: Vec<String>,
    /// What the patient does not have.
    #[arg(long, value_delimiter = ',', value_name = "TOPICS")]
    absent: Vec<String>,
    /// Age in years.
    #[arg(long, requires = "sex")]
    age: Option<u8>,
    /// Sex.
    #[arg(long, requires = "age")]
    sex: Option<SexArg>,
    /// Let claims count that nobody has verified.
    #[arg(long)]
    unverified: bool,
    /// Leave out frequencies that are their author's estimate.
    #[arg(long)]
    no_estimates: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SexArg {
    Female,
    Male,
}

impl RareArgs {
    pub(super) fn options(&self, picture: &Picture, top: usize) -> RareOptions {
        RareOptions { core: picture.options(), cases_per_100_000: self.rare_prior, top }
    }
}

impl Picture {
    /// Topics, and HPO terms that the layer has.
    pub(super) fn evidence_with_terms(&self, graph: &Graph, layer: &RareLayer) -> Result<BothEvidence, AskedError> {
        explore::evidence_with_terms(graph, layer, &self.present, &self.absent)
    }

    pub(super) fn evidence(&self, graph: &Graph) -> Result<Vec<(TopicId, Presence)>, AskedError> {
        explore::evidence(graph, &self.present, &self.absent)
    }

    pub(super) fn patient(&self) -> Option<Patient> {
        let sex = match self.sex? {
            SexArg::Female => Sex::Female,
            SexArg::Male => Sex::Male,
        };
        Some(Patient { age: self.age?, sex })
    }

    pub(super) fn options(&self) -> Options {
        Options { unverified: self.unverified, estimates: !self.no_estimates, ..Options::default() }
    }
}
