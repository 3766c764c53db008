//! `anamnesis learner progress`: what a learner can do, and what to practise next.

use std::process::ExitCode;

use knowledge_graph::{Graph, Language};

use super::super::{account, say};
use crate::{
    catalogue::Catalogue,
    clock::{Clock as _, SystemClock},
    i18n,
    learner::{Figure, Suggestion},
    learning::{Known, Learning, Picture},
    store::Store,
};

/// Places of the map listed.
const PLACES: usize = 12;

/// Prints where the learner of that login stands.
pub async fn run(store: &Store, graph: &'static Graph, login: &str, language: Language) -> anyhow::Result<ExitCode> {
    let user = account(store, login).await?;
    let catalogue = Catalogue::new(store.clone());
    let now = SystemClock.now();
    let known = Learning::new(store.clone(), graph).known(&catalogue, user.id, now).await?;
    let candidates = catalogue.candidates(&store.encounters_of(user.id).await?).await?;
    let picture = known.picture(&candidates, &store.declined(user.id, now).await?);
    print(&known, &picture, graph, language);
    Ok(ExitCode::SUCCESS)
}

fn print(known: &Known, picture: &Picture, graph: &Graph, language: Language) {
    let named = |prefix: &str, name: &str| {
        i18n::optional(language, &format!("{prefix}-{name}")).unwrap_or_else(|| name.to_owned())
    };
    say(format_args!("based on {} graded occasions\n", known.evidence.len()));
    for (section, figure) in &picture.map.sections {
        say(format_args!("{:<42} {}", named("section", section.as_str()), told(figure)));
    }
    say("");
    let mut cells: Vec<_> = picture.map.cells.iter().filter(|cell| cell.figure.based_on > 0).collect();
    cells.sort_by(|a, b| b.lacking.total_cmp(&a.lacking));
    for cell in cells.into_iter().take(PLACES) {
        let place = format!("{} × {}", named("system", &cell.system), named("section", cell.section.as_str()));
        say(format_args!("{place:<52} {}", told(&cell.figure)));
    }
    say("");
    for skill in picture.skills.iter().filter(|skill| skill.rule.is_none()) {
        let estimate = skill.estimate;
        say(format_args!(
            "{:<42} {:>3.0} % ({:.0}–{:.0} %), based on {} judgements",
            named("skill", &skill.area),
            100.0 * estimate.value,
            100.0 * estimate.low,
            100.0 * estimate.high,
            skill.based_on
        ));
    }
    say(format_args!("\nreviews due: {}", picture.reviews.iter().filter(|review| review.due <= known.now).count()));
    for (at, next) in picture.next.iter().enumerate() {
        say(format_args!("{:>2}. {}", at + 1, suggestion(next, graph, language)));
    }
}

fn told(figure: &Figure) -> String {
    let estimate = figure.estimate;
    format!(
        "{:>3.0} % ({:.0}–{:.0} %), based on {}",
        100.0 * estimate.value,
        100.0 * estimate.low,
        100.0 * estimate.high,
        figure.based_on
    )
}

fn suggestion(next: &Suggestion, graph: &Graph, language: Language) -> String {
    match next {
        Suggestion::Case(case) => {
            let topic = |topic| graph.topic(topic).map(|known| known.name.get(language).to_owned());
            let practises: Vec<String> = case.practises.iter().filter_map(topic).collect();
            format!("case {}: {}", case.case_id, practises.join(" · "))
        }
        other => other.key(),
    }
}
