//! Where a case comes from: what it was made from, by whom, under which licence, and whether a file is
//! still what was exported.

use ::cases::{Case, Condition, How, Origin, terms};

use super::super::frame::Frame;
use crate::{app::App, store::StoreError};

/// Where a case comes from.
pub(in super::super) struct ProvenanceView {
    pub(in super::super) made: Option<MadeView>,
    pub(in super::super) origins: Vec<OriginView>,
}

/// How it was made from the graph.
pub(in super::super) struct MadeView {
    /// The disease, when it was noted.
    pub(in super::super) disease: Option<String>,
    pub(in super::super) seed: u64,
    pub(in super::super) graph: String,
}

/// A case it is based on.
pub(in super::super) struct OriginView {
    pub(in super::super) how: String,
    pub(in super::super) title: String,
    pub(in super::super) id: String,
    pub(in super::super) version: u32,
    pub(in super::super) author: String,
    pub(in super::super) licence: String,
    pub(in super::super) hash: Option<String>,
    /// Where it can be read, when this server has that very version.
    pub(in super::super) href: Option<String>,
    /// Tone, icon and words for whether the file is what was exported.
    pub(in super::super) state: Option<(&'static str, &'static str, String)>,
    /// What its licence asks, and words that give the credit.
    pub(in super::super) asks: Vec<String>,
    pub(in super::super) credit: Option<String>,
}

impl ProvenanceView {
    pub(in super::super) async fn new(app: &App, page: &Frame, case: &Case) -> Result<Self, StoreError> {
        let made = case.generated.as_ref().map(|made| MadeView {
            disease: made.disease.as_ref().map(|id| {
                app.graph.disease(id).map_or_else(|| id.clone(), |known| known.name.get(page.language).to_owned())
            }),
            seed: made.seed,
            graph: made.graph.clone(),
        });
        let mut origins = Vec::with_capacity(case.based_on.len());
        for origin in &case.based_on {
            let stored = app.store.case(&origin.id, origin.version).await?;
            let other = (&origin.id, origin.version) != (&case.id, case.version);
            let here = stored.is_some_and(|stored| other && Some(&stored.hash) == origin.hash.as_ref());
            let href = here.then(|| format!("/manage/cases/{}/{}", origin.id, origin.version));
            origins.push(OriginView { href, ..origin_view(page, case, origin) });
        }
        Ok(Self { made, origins })
    }

    /// Whether nothing is noted: it was written here from nothing.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.made.is_none() && self.origins.is_empty()
    }
}

fn origin_view(page: &Frame, case: &Case, origin: &Origin) -> OriginView {
    let title = origin.title.get(page.language).to_owned();
    let credit = page
        .say("provenance-credit")
        .with("title", &title)
        .with("id", &origin.id)
        .with("version", origin.version.to_string())
        .with("author", &origin.author)
        .with("licence", &origin.licence)
        .to_string();
    let asked = terms(&origin.licence);
    OriginView {
        how: match origin.how {
            How::Copied => page.t("provenance-copied"),
            How::Imported => page.t("provenance-imported"),
        },
        id: origin.id.clone(),
        version: origin.version,
        author: origin.author.clone(),
        licence: origin.licence.clone(),
        hash: origin.hash.clone(),
        href: None,
        state: (origin.how == How::Imported).then(|| state(page, case, origin)),
        credit: asked.is_none_or(|asked| asked.contains(&Condition::Credit)).then_some(credit),
        asks: asks(page, &origin.licence),
        title,
    }
}

fn state(page: &Frame, case: &Case, origin: &Origin) -> (&'static str, &'static str, String) {
    let same = (&origin.id, origin.version) == (&case.id, case.version);
    if origin.hash.is_none() {
        ("", "circle-minus", page.t("provenance-no-hash"))
    } else if origin.is_changed(case) {
        ("attention", "triangle-alert", page.t("provenance-changed"))
    } else if same {
        ("good", "circle-check", page.t("provenance-unchanged"))
    } else {
        ("", "pencil", page.t("provenance-later"))
    }
}

/// What a licence asks of somebody who hands a changed copy on.
fn asks(page: &Frame, licence: &str) -> Vec<String> {
    let Some(asked) = terms(licence) else { return vec![page.t("provenance-asks-unknown")] };
    let key = |condition: &Condition| match condition {
        Condition::Credit => "provenance-asks-credit",
        Condition::SameLicence => "provenance-asks-same",
        Condition::NotCommercial => "provenance-asks-not-commercial",
        Condition::Unchanged => "provenance-asks-unchanged",
    };
    let mut said: Vec<String> = asked.iter().map(|condition| page.t(key(condition))).collect();
    if said.is_empty() {
        said.push(page.t("provenance-asks-nothing"));
    }
    said
}
