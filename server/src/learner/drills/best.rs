//! Single best answer: which diagnosis explains the patient best.

use knowledge_graph::{
    Graph,
    format::{Disease, Evidence},
    query::{Differential, Posterior},
};

use super::{
    VIEWS,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    kin::{hints, related},
    vignette::{Extent, Vignette, adult, plausible, typical},
};

/// The key must be this many times as probable as any other disease, an option or not, in both views.
const LEAD: f64 = 4.0;
/// The findings alone, without how common the diseases are, must favour it this many times over each option.
const FINDINGS_LEAD: f64 = 2.0;
/// Options.
const OPTIONS: usize = 5;

pub(super) fn draft(graph: &Graph, dice: &mut Dice) -> Option<Draft> {
    let diseases: Vec<&Disease> = graph.diseases().filter(|disease| adult(disease)).collect();
    let disease = *dice.pick(&diseases)?;
    let others = differentials(graph, disease);
    let vignette = typical(graph, disease, &Extent { present: 3, examined: true }, dice)?;
    let vignette = vignette.without(graph, disease, &others, dice);
    let views = VIEWS.map(|view| vignette.differential(graph, &view));
    if !leads(graph, disease, &views) {
        return None;
    }
    let wrong = distractors(graph, disease, &vignette, &views);
    if wrong.len() < OPTIONS - 1 {
        return None;
    }
    let mut options: Vec<&Disease> = wrong.into_iter().take(OPTIONS - 1).chain([disease]).collect();
    dice.shuffle(&mut options);
    let key = options.iter().position(|option| option.id == disease.id)?;
    Some(written(graph, disease, &options, key, vignette, &views[1]))
}

/// What the disease's own entry, with a source, says it is confused with.
pub(super) fn differentials<'g>(graph: &'g Graph, disease: &Disease) -> Vec<&'g Disease> {
    let verified = disease.differential.iter().filter(|edge| graph.evidence(&edge.provenance) != Evidence::Unverified);
    verified.filter_map(|edge| graph.disease(&edge.disease)).collect()
}

/// Whether the disease is first by its margin in every view, diseases that are no option included.
fn leads(graph: &Graph, disease: &Disease, views: &[Differential]) -> bool {
    views.iter().all(|view| {
        let Some(own) = view.of(&disease.id) else { return false };
        let rivals = view.posteriors.iter().filter(|other| other.disease != disease.id);
        let rivals = rivals.filter(|other| graph.disease(&other.disease).is_some());
        rivals.into_iter().all(|other| own.probability >= LEAD * other.probability)
    })
}

/// Odds from the findings alone.
fn from_findings(posterior: &Posterior) -> f64 {
    posterior.probability / posterior.prior.max(f64::MIN_POSITIVE)
}

/// Diseases of the differential that such a patient may have, that something said speaks for, and
/// that are clearly less probable, by findings alone too; those of the disease's own entry first, then
/// the most probable.
fn distractors<'g>(
    graph: &'g Graph,
    disease: &Disease,
    vignette: &Vignette,
    views: &[Differential; 2],
) -> Vec<&'g Disease> {
    let clearly_less = |id: &str| {
        views.iter().all(|view| {
            let (Some(own), Some(other)) = (view.of(&disease.id), view.of(id)) else { return false };
            from_findings(own) >= FINDINGS_LEAD * from_findings(other)
        })
    };
    let mut chosen: Vec<&Disease> = Vec::new();
    for posterior in &views[1].posteriors {
        let Some(other) = graph.disease(&posterior.disease) else { continue };
        let shares = vignette.evidence.first().is_some_and(|(complaint, _)| {
            other.presents_with.iter().any(|edge| {
                let found = knowledge_graph::TopicId::new(knowledge_graph::TopicKind::Finding, &edge.finding);
                !edge.excluded && (graph.is_a(&found, complaint) || graph.is_a(complaint, &found))
            })
        });
        let told = vignette.evidence.iter().filter_map(|(topic, _)| graph.finding(topic.name()));
        let fits = adult(other) && plausible(other, vignette.patient) && shares && clearly_less(&other.id);
        if fits
            && !related(disease, other)
            && chosen.iter().all(|one| !related(one, other))
            && !told.into_iter().any(|finding| hints(&finding.name, other))
        {
            chosen.push(other);
        }
    }
    // What the entry itself says it is confused with makes the better distractor.
    let named = differentials(graph, disease);
    chosen.sort_by_key(|other| named.iter().all(|one| one.id != other.id));
    chosen
}

fn written(
    graph: &Graph,
    disease: &Disease,
    options: &[&Disease],
    key: usize,
    vignette: Vignette,
    view: &Differential,
) -> Draft {
    let percent = |id: &str| view.of(id).map_or(0.0, |one| 100.0 * one.probability).round();
    let choices = options.iter().map(|option| {
        let probable = if option.id == disease.id {
            both("fits the findings best", "与所见最相符")
        } else {
            both("explains them clearly less well", "明显不如正确答案相符")
        };
        let separates = disease.differential.iter().find(|edge| edge.disease == option.id);
        let separates = separates.filter(|edge| graph.evidence(&edge.provenance) != Evidence::Unverified);
        let (en, zh) = separates.map_or((String::new(), String::new()), |edge| {
            (format!(" {}", edge.separates.en), edge.separates.zh.clone())
        });
        let share = percent(&option.id);
        let share = if share < 1.0 { "<1".to_owned() } else { format!("{share:.0}") };
        Choice {
            text: option.name.clone(),
            why: both(
                format!("{share} % in this teaching model: {}.{en}", probable.en),
                format!("教学模型中约 {share}%：{}。{zh}", probable.zh),
            ),
        }
    });
    let mut sources = vignette.sources;
    let cited = disease.differential.iter().filter(|edge| options.iter().any(|option| option.id == edge.disease));
    sources.extend(
        cited
            .filter(|edge| graph.evidence(&edge.provenance) != Evidence::Unverified)
            .filter_map(|edge| edge.provenance.source.clone()),
    );
    Draft {
        question: both("Which diagnosis is most likely?", "最可能的诊断是什么？"),
        explanation: disease.summary.clone(),
        choices: choices.collect(),
        key: Key::One(key),
        prompts: Vec::new(),
        sources,
        topics: vignette.evidence.iter().map(|(topic, _)| topic.clone()).take(2).collect(),
        stem: vignette.text,
    }
}
