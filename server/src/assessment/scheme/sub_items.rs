//! Sharing points out in whole steps.

use super::Rounding;

/// One thing that earns points: an item of the rubric, or a judgement.
#[derive(Clone, Debug)]
pub(super) struct Criterion {
    /// How much it counts within its part, in thousandths.
    pub weight: u64,
    /// How much of it was reached: 0, 1 or 2 halves.
    pub halves: u64,
}

/// `steps` shared out by `weights`, each share whole, all together `steps`. Largest remainder first;
/// of equals the earlier.
pub(super) fn shared(steps: u64, weights: &[u64]) -> Vec<u64> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let exact = |weight: &u64| u128::from(steps) * u128::from(*weight);
    let mut shares: Vec<u64> =
        weights.iter().map(|weight| u64::try_from(exact(weight) / total).unwrap_or(steps)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(exact(&weights[*at]) % total), *at));
    let left = steps - shares.iter().sum::<u64>();
    for at in order.into_iter().cycle().take(usize::try_from(left).unwrap_or(0)) {
        shares[at] += 1;
    }
    shares
}

/// How `steps` are shared out over `count` criteria: groups of criteria, each with its steps. With
/// enough steps each criterion is a group of its own and has at least one; else neighbours share one.
pub(super) fn groups(steps: u64, criteria: &[Criterion]) -> Vec<(std::ops::Range<usize>, u64)> {
    let count = criteria.len() as u64;
    if count <= steps {
        let weights: Vec<u64> = criteria.iter().map(|criterion| criterion.weight).collect();
        let more = shared(steps - count, &weights);
        return more.into_iter().enumerate().map(|(at, more)| (at..at + 1, 1 + more)).collect();
    }
    let edge = |group: u64| usize::try_from((group * count).div_ceil(steps.max(1))).unwrap_or(criteria.len());
    (0..steps).map(|group| (edge(group)..edge(group + 1), 1)).collect()
}

/// The steps that a group earns of `steps`.
pub(super) fn earned(steps: u64, group: &[Criterion], rounding: Rounding) -> u64 {
    let possible: u128 = group.iter().map(|criterion| 2 * u128::from(criterion.weight)).sum();
    if possible == 0 {
        return 0;
    }
    let reached: u128 = group.iter().map(|criterion| u128::from(criterion.weight) * u128::from(criterion.halves)).sum();
    let whole = match rounding {
        Rounding::Nearest => (2 * u128::from(steps) * reached + possible) / (2 * possible),
        Rounding::Down => u128::from(steps) * reached / possible,
    };
    u64::try_from(whole).unwrap_or(steps)
}
