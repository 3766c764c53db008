//! Accepted proposals as content laid over the graph.

use std::{collections::BTreeSet, fmt::Write as _};

use knowledge_graph::{Graph, OverlayFile, format::Source, literature::source_file};
use uuid::Uuid;

use super::LiteratureError;
use crate::store::ProposalRecord;

/// The core with what of the accepted proposals can be used.
pub struct Laid {
    /// The graph.
    pub graph: Graph,
    /// How many proposals it holds beside the core.
    pub used: usize,
    /// Proposals it could not hold, each with the loader's messages.
    pub refused: Vec<(Uuid, u32, String)>,
}

/// Lays `accepted` over the core, in their order. One that does not load is left out and named; it
/// never keeps the others, or the server, from working.
///
/// # Errors
/// [`LiteratureError::Refused`] when the core itself does not load.
pub fn lay(accepted: &[ProposalRecord], sources: &[(Uuid, Source)]) -> Result<Laid, LiteratureError> {
    if let Ok(graph) = Graph::embedded_with_overlay(&overlay_of(accepted, sources)) {
        return Ok(Laid { graph, used: accepted.len(), refused: Vec::new() });
    }
    let mut graph = Graph::embedded_with_overlay(&[]).map_err(|problems| LiteratureError::refused(&problems))?;
    let (mut used, mut refused): (Vec<&ProposalRecord>, _) = (Vec::new(), Vec::new());
    for proposal in accepted {
        let with = overlay_of(used.iter().copied().chain([proposal]), sources);
        match Graph::embedded_with_overlay(&with) {
            Ok(more) => {
                graph = more;
                used.push(proposal);
            }
            Err(problems) => {
                let why = LiteratureError::refused(&problems).to_string();
                refused.push((proposal.document, proposal.position, why));
            }
        }
    }
    Ok(Laid { graph, used: used.len(), refused })
}

/// The files of `accepted`: each source once, then each proposal's own.
pub fn overlay_of<'a>(
    accepted: impl IntoIterator<Item = &'a ProposalRecord>,
    sources: &[(Uuid, Source)],
) -> Vec<OverlayFile> {
    let accepted: Vec<&ProposalRecord> = accepted.into_iter().filter(|one| !files(one).is_empty()).collect();
    let cited: BTreeSet<Uuid> = accepted.iter().map(|one| one.document).collect();
    let of_sources =
        sources.iter().filter(|(document, _)| cited.contains(document)).map(|(document, source)| OverlayFile {
            label: format!("text {document}"),
            path: "sources/literature.toml".to_owned(),
            text: source_file(source),
        });
    let of_proposals = accepted.iter().flat_map(|one| {
        files(one).iter().map(move |(path, text)| OverlayFile {
            label: format!("proposal {} of text {} ({path})", one.position + 1, one.document),
            path: path.clone(),
            text: text.clone(),
        })
    });
    of_sources.chain(of_proposals).collect()
}

fn files(proposal: &ProposalRecord) -> &[(String, String)] {
    proposal.decision.as_ref().map_or(&[], |decision| &decision.files)
}

/// All accepted changes as one text for a maintainer of the core: under the path of each file, what
/// is to go into it, with the quotation it rests on and who accepted it when.
pub fn exported(accepted: &[ProposalRecord], sources: &[(Uuid, Source)]) -> String {
    let mut text = String::from("# Changes accepted from the literature, to be put into the files named.\n");
    let cited: BTreeSet<Uuid> = accepted.iter().map(|one| one.document).collect();
    for (_, source) in sources.iter().filter(|(document, _)| cited.contains(document)) {
        let _infallible = write!(text, "\n# sources/literature.toml\n{}", source_file(source));
    }
    for one in accepted {
        let Some(decision) = &one.decision else { continue };
        let quotation = one.proposal.quotation.text.replace(['\n', '\r'], " ");
        for (path, file) in &decision.files {
            let reviewer = one.reviewer_name.as_deref().unwrap_or("an account since deleted");
            let note = decision.note.replace(['\n', '\r'], " ");
            let _infallible = write!(
                text,
                "\n# {path}\n# \"{quotation}\"\n# accepted by {reviewer} on {}. {note}\n{file}",
                decision.at.strftime("%Y-%m-%d")
            );
        }
    }
    text
}
