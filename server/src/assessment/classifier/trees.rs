//! Boosted decision trees: Friedman, "Greedy function approximation: a gradient boosting machine",
//! Annals of Statistics 29 (2001) 1189–1232. Fitted by `server/training/train.py`; only asked here.

use serde::Deserialize;

/// Trees over named features; the sum of what they answer is a log-odds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trees {
    /// Names of the features, in order.
    pub features: Vec<String>,
    bias: f64,
    trees: Vec<Vec<Node>>,
}

/// A node: where to go on, or the answer. Children stand behind their parent.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Node {
    /// Feature, threshold, child for values up to it, child for values above it.
    Split(usize, f64, usize, usize),
    /// What the tree adds to the log-odds.
    Leaf(f64),
}

impl Trees {
    /// Whether every path ends in a leaf and asks for a feature that there is.
    pub fn is_sound(&self) -> bool {
        let node_is_sound = |tree: &[Node], at: usize| match tree[at] {
            Node::Split(feature, threshold, low, high) => {
                let onward = |child: usize| child > at && child < tree.len();
                feature < self.features.len() && threshold.is_finite() && onward(low) && onward(high)
            }
            Node::Leaf(answer) => answer.is_finite(),
        };
        let tree_is_sound = |tree: &Vec<Node>| !tree.is_empty() && (0..tree.len()).all(|at| node_is_sound(tree, at));
        self.bias.is_finite() && self.trees.iter().all(tree_is_sound)
    }

    /// The sum over all trees.
    pub fn log_odds(&self, features: &[f64]) -> f64 {
        self.bias + self.trees.iter().map(|tree| answer(tree, features)).sum::<f64>()
    }
}

fn answer(tree: &[Node], features: &[f64]) -> f64 {
    let mut at = 0;
    loop {
        match tree.get(at) {
            Some(Node::Split(feature, threshold, low, high)) => {
                at = if features.get(*feature).is_some_and(|value| value > threshold) { *high } else { *low };
            }
            Some(Node::Leaf(answer)) => return *answer,
            None => return 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trees(json: &str) -> Trees {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn each_tree_answers_by_its_thresholds() {
        let trees =
            trees(r#"{"features":["a","b"],"bias":0.5,"trees":[[[0,1.0,1,2],-1.0,[1,0.0,3,4],2.0,3.0],[0.25]]}"#);

        assert!(trees.is_sound());
        for (features, expected) in [([1.0, 9.0], -0.25), ([1.5, 0.0], 2.75), ([1.5, 0.1], 3.75)] {
            assert!((trees.log_odds(&features) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_tree_that_runs_in_a_circle_or_asks_for_nothing_is_refused() {
        for tree in ["[[0,1.0,0,1],1.0]", "[[1,1.0,1,2],1.0,1.0]", "[]", "[[0,1.0,1,2],1.0]"] {
            assert!(!trees(&format!(r#"{{"features":["a"],"bias":0.0,"trees":[{tree}]}}"#)).is_sound(), "{tree}");
        }
    }
}
