//! How long import, loading and questions take with the rare diseases. Wants the folder of a
//! release (hp.obo and phenotype.hpoa) in `ANAMNESIS_HPO`:
//!
//! ```text
//! ANAMNESIS_HPO=FOLDER cargo bench -p knowledge-graph --bench rare
//! ```

use std::{fs, hint::black_box, path::PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use knowledge_graph::{
    Graph, TopicId,
    hpo::{Files, Join, RareLayer, RareOptions, SourceFile, rare_differential, rare_next_questions},
    query::{Options, Patient, Presence, Sex, differential, next_questions},
};

fn evidence() -> Vec<(TopicId, Presence)> {
    let topics =
        [("tremor", true), ("jaundice", true), ("slurred-speech", true), ("fever", false), ("headache", false)];
    let presence = |present| if present { Presence::Present } else { Presence::Absent };
    topics
        .into_iter()
        .filter_map(|(finding, present)| Some((format!("finding:{finding}").parse().ok()?, presence(present))))
        .collect()
}

fn rare(criterion: &mut Criterion) {
    let Some(folder) = std::env::var_os("ANAMNESIS_HPO").map(PathBuf::from) else {
        eprintln!("set ANAMNESIS_HPO to the folder of a release to measure the rare diseases");
        return;
    };
    let (Ok(ontology), Ok(annotations)) =
        (fs::read_to_string(folder.join("hp.obo")), fs::read_to_string(folder.join("phenotype.hpoa")))
    else {
        eprintln!("{} has no hp.obo and phenotype.hpoa", folder.display());
        return;
    };
    let files = Files {
        ontology: SourceFile { name: "hp.obo", text: &ontology },
        annotations: SourceFile { name: "phenotype.hpoa", text: &annotations },
        chinese: None,
    };
    let (Ok(graph), Ok((layer, _))) = (Graph::embedded(), RareLayer::import(files)) else { return };
    let stored = layer.to_bytes();
    let mut group = criterion.benchmark_group("rare");
    group.sample_size(10);
    group.bench_function("import", |bencher| bencher.iter(|| RareLayer::import(black_box(files))));
    group.bench_function("load", |bencher| bencher.iter(|| RareLayer::from_bytes(black_box(&stored))));
    group.bench_function("join", |bencher| bencher.iter(|| Join::new(graph, black_box(&layer))));
    group.bench_function("search", |bencher| bencher.iter(|| layer.search(black_box("tremor"))));
    let join = Join::new(graph, &layer);
    let (evidence, patient) = (evidence(), Some(Patient { age: 19, sex: Sex::Female }));
    group.bench_function("first differential", |bencher| {
        bencher.iter_with_setup(
            || RareLayer::from_bytes(&stored),
            |layer| {
                let layer = layer.ok()?;
                let join = Join::new(graph, &layer);
                Some(rare_differential(&join, &evidence, &[], patient, &RareOptions::default()))
            },
        );
    });
    group.bench_function("differential, core", |bencher| {
        bencher.iter(|| differential(graph, black_box(&evidence), patient, &Options::default()));
    });
    group.bench_function("differential, core and rare", |bencher| {
        bencher.iter(|| rare_differential(&join, black_box(&evidence), &[], patient, &RareOptions::default()));
    });
    group.bench_function("next questions, core", |bencher| {
        bencher.iter(|| next_questions(graph, black_box(&evidence), patient, &Options::default()));
    });
    group.bench_function("next questions, core and rare", |bencher| {
        bencher.iter(|| rare_next_questions(&join, black_box(&evidence), &[], patient, &RareOptions::default()));
    });
    group.finish();
}

criterion_group!(benches, rare);
criterion_main!(benches);
