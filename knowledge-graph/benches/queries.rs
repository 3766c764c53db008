//! How long loading, a differential, a choice of the next question and a diagnosis text take.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use knowledge_graph::{
    Graph, Language, TopicId, TopicKind,
    query::{Options, Patient, Presence, Sex, differential, next_questions},
};

/// The first findings of the first disease: a picture that exists in any content.
fn picture(graph: &Graph) -> Vec<(TopicId, Presence)> {
    let edges = graph.diseases().next().map(|disease| disease.presents_with.iter().take(6));
    let topics = edges.into_iter().flatten().map(|edge| TopicId::new(TopicKind::Finding, &edge.finding));
    topics.zip([Presence::Present, Presence::Absent].into_iter().cycle()).collect()
}

fn queries(criterion: &mut Criterion) {
    let Ok(graph) = Graph::embedded() else { return };
    let evidence = picture(graph);
    let patient = Some(Patient { age: 58, sex: Sex::Male });
    let options = Options { unverified: true, ..Options::default() };
    criterion.bench_function("differential", |bencher| {
        bencher.iter(|| differential(graph, black_box(&evidence), patient, &options));
    });
    criterion.bench_function("next questions", |bencher| {
        bencher.iter(|| next_questions(graph, black_box(&evidence), patient, &options));
    });
    criterion.bench_function("disease by text", |bencher| {
        bencher.iter(|| graph.disease_by_text(black_box("acute myocardial infarction"), Language::En));
    });
    criterion.bench_function("load", |bencher| {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data"));
        bencher.iter(|| Graph::load_dir(black_box(folder)));
    });
}

criterion_group!(benches, queries);
criterion_main!(benches);
