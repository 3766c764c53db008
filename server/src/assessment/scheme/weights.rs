//! How much each item of a case counts, by the disease graph.

use std::collections::BTreeMap;

use cases::Case;
use knowledge_graph::{
    Graph,
    query::{Options, Patient, Presence, next_questions},
};

/// Least and greatest weight.
const WEIGHTS: (f64, f64) = (0.5, 2.5);
/// The weight of an item that the graph has no figures for, such as the family history.
const UNKNOWN: f64 = 1.0;

/// Weights of the rubric items of `case`: the expected information (bits) that the answer gives on
/// the diagnosis once the complaint, age and sex are known, from 0.5 for none to 2.5 for the most
/// telling one. Claims that are graded `unverified` do not count. None when the graph does not have
/// the case's disease.
pub fn graph_weights(case: &Case, graph: &Graph) -> Option<BTreeMap<String, f64>> {
    graph.disease(case.diagnosis.disease.as_deref()?)?;
    let known = [(case.complaint.node(), Presence::Present)];
    let patient = Patient { age: case.patient.age, sex: case.patient.sex.into() };
    let gains: BTreeMap<_, f64> = next_questions(graph, &known, Some(patient), &Options::default())
        .into_iter()
        .map(|question| (question.topic, question.information_gain_bits))
        .collect();
    let most = gains.values().copied().fold(0.0, f64::max);
    let weight = |item: &cases::format::RubricItem| {
        let bits = item.topics.iter().filter_map(|topic| gains.get(&topic.node())).copied().reduce(f64::max);
        match bits {
            Some(bits) if most > 0.0 => WEIGHTS.0 + (WEIGHTS.1 - WEIGHTS.0) * bits / most,
            _ => UNKNOWN,
        }
    };
    // To the thousandth, so that no last digit of a logarithm decides a point.
    Some(case.rubric.iter().map(|item| (item.id.clone(), (weight(item) * 1000.0).round() / 1000.0)).collect())
}
