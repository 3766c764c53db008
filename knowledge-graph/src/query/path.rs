//! How two nodes hang together.

use std::collections::{BTreeMap, VecDeque};

use petgraph::{Direction, graph::NodeIndex, visit::EdgeRef};
use serde::Serialize;

use crate::{Bilingual, Graph, Node, TopicId};

/// One node on a path and how it leads to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The node.
    pub topic: TopicId,
    /// Its name.
    pub name: Bilingual,
    /// Relation to the next node, such as `presents-with`; `None` at the end.
    pub relation: Option<&'static str>,
    /// Whether that relation runs from the next node to this one.
    pub reversed: bool,
}

/// The shortest path between two nodes (facets are ignored), along edges in either direction;
/// body systems and sources, which join everything, are not walked through. `None` when a node is
/// missing or nothing joins them.
pub fn path(graph: &Graph, from: &TopicId, to: &TopicId) -> Option<Vec<Step>> {
    let (start, goal) = (graph.index(from)?, graph.index(to)?);
    let mut came: BTreeMap<NodeIndex, Option<Hop>> = BTreeMap::from([(start, None)]);
    let mut open = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        if at == goal {
            return Some(steps(graph, &came, goal));
        }
        for hop in hops(graph, at) {
            if let std::collections::btree_map::Entry::Vacant(slot) = came.entry(hop.to) {
                open.push_back(hop.to);
                slot.insert(Some(hop));
            }
        }
    }
    None
}

#[derive(Clone, Copy)]
struct Hop {
    from: NodeIndex,
    to: NodeIndex,
    relation: &'static str,
    reversed: bool,
}

fn hops(graph: &Graph, at: NodeIndex) -> Vec<Hop> {
    let joins = |index: NodeIndex| !matches!(graph.petgraph[index], Node::Anatomy(_) | Node::Source(_));
    let mut hops: Vec<Hop> = [Direction::Outgoing, Direction::Incoming]
        .into_iter()
        .flat_map(|direction| {
            graph.petgraph.edges_directed(at, direction).map(move |edge| Hop {
                from: at,
                to: if direction == Direction::Outgoing { edge.target() } else { edge.source() },
                relation: edge.weight().as_str(),
                reversed: direction == Direction::Incoming,
            })
        })
        .filter(|hop| joins(hop.to))
        .collect();
    hops.sort_by_key(|hop| (hop.to, hop.relation, hop.reversed));
    hops
}

fn steps(graph: &Graph, came: &BTreeMap<NodeIndex, Option<Hop>>, goal: NodeIndex) -> Vec<Step> {
    let mut steps: Vec<Step> = step(graph, goal, None).into_iter().collect();
    let mut at = goal;
    while let Some(Some(hop)) = came.get(&at) {
        steps.extend(step(graph, hop.from, Some(hop)));
        at = hop.from;
    }
    steps.reverse();
    steps
}

fn step(graph: &Graph, node: NodeIndex, hop: Option<&Hop>) -> Option<Step> {
    let topic = graph.petgraph[node].topic()?;
    let name = graph.topic(&topic)?.name;
    let relation = hop.map(|hop| hop.relation);
    Some(Step { topic, name, relation, reversed: hop.is_some_and(|hop| hop.reversed) })
}
