//! Prompt-lookup drafting: a patient mostly says again what stands in the prompt, so what followed
//! there the last time is proposed, and one batch verifies it.
//!
//! Every proposed token is sampled as it would have been without the draft and kept only when it is
//! the same: nothing changes but the speed. (Prompt lookup decoding: Saxena 2023; verification as in
//! speculative decoding: Leviathan, Kalman and Matias 2023.)

use super::sequences::Token;
use crate::engine::Drafting;

/// Most tokens proposed at once.
pub(super) const LONGEST_DRAFT: usize = 4;
/// A draft must promise at least so much more tokens a second.
const WORTH_IT: f64 = 1.05;
/// Tokens that must agree before what followed them is proposed; the longer agreement is tried first.
const AGREEMENT: [usize; 2] = [3, 2];
/// Share of drafted tokens taken to be right until replies have shown it, and how many tokens that
/// belief weighs. A short class on the 0.5 B weights gave 0.75; a guess below it.
const PRIOR: (f64, f64) = (0.6, 40.0);
/// Older outcomes weigh less: about the last thousand tokens count.
const FORGETTING: f64 = 0.999;

/// Sizes of batch whose cost is measured at start-up, in tokens.
pub(super) const MEASURED_SIZES: [usize; 8] = [1, 2, 3, 4, 6, 8, 16, 32];

/// Decides how many tokens are drafted.
#[derive(Debug)]
pub(super) struct Drafter {
    mode: Drafting,
    /// Seconds that a batch of each of [`MEASURED_SIZES`] takes.
    costs: Vec<f32>,
    offered: f64,
    accepted: f64,
}

impl Drafter {
    /// A drafter that judges by these costs of [`MEASURED_SIZES`]; without them it never drafts
    /// unless it must.
    pub(super) fn new(mode: Drafting, costs: Vec<f32>) -> Self {
        let (share, weight) = PRIOR;
        Self { mode, costs, offered: weight, accepted: share * weight }
    }

    /// The measured costs.
    pub(super) fn costs(&self) -> &[f32] {
        &self.costs
    }

    /// How many tokens to draft for each of `speaking` replies; 0 where drafting does not pay.
    pub(super) fn length(&self, speaking: usize) -> usize {
        match self.mode {
            Drafting::Off => 0,
            Drafting::On => LONGEST_DRAFT,
            Drafting::Auto => self.best(speaking.max(1)),
        }
    }

    fn best(&self, speaking: usize) -> usize {
        let alone = self.cost(speaking);
        let gain = |length: usize| self.expected(length) * alone / self.cost(speaking * (1 + length));
        let gains = (1..=LONGEST_DRAFT).map(|length| (length, gain(length)));
        let best = gains.max_by(|(_, left), (_, right)| left.total_cmp(right));
        best.filter(|&(_, gain)| gain > WORTH_IT).map_or(0, |(length, _)| length)
    }

    /// Tokens that a step brings when each of `length` drafted ones is right with the observed share.
    fn expected(&self, length: usize) -> f64 {
        let share = self.accepted / self.offered;
        (0..=length).map(|right| share.powi(i32::try_from(right).unwrap_or(i32::MAX))).sum()
    }

    /// Seconds for a batch of `tokens`, between the measured sizes and beyond the last.
    fn cost(&self, tokens: usize) -> f64 {
        if self.costs.len() != MEASURED_SIZES.len() {
            // Nothing was measured: as if every token cost the same, so that nothing pays.
            return tokens as f64;
        }
        let place = MEASURED_SIZES.partition_point(|&size| size < tokens).clamp(1, MEASURED_SIZES.len() - 1);
        let (low, high) = (MEASURED_SIZES[place - 1] as f64, MEASURED_SIZES[place] as f64);
        let (cheap, dear) = (f64::from(self.costs[place - 1]), f64::from(self.costs[place]));
        (cheap + (dear - cheap) * (tokens as f64 - low) / (high - low)).max(f64::MIN_POSITIVE)
    }

    /// Learns how many of the offered tokens were right. A draft ends at its first wrong token, so
    /// only the tokens up to it were judged.
    pub(super) fn note(&mut self, offered: usize, accepted: usize) {
        let judged = offered.min(accepted + 1);
        self.offered = self.offered * FORGETTING + judged as f64;
        self.accepted = self.accepted * FORGETTING + accepted as f64;
    }
}

/// What followed the last time the newest tokens stood in `tokens` behind `from`: at most `most`
/// tokens, none when they did not.
pub(super) fn propose(tokens: &[Token], from: usize, most: usize) -> Vec<Token> {
    let tokens = &tokens[from.min(tokens.len())..];
    for length in AGREEMENT {
        let Some(start) = tokens.len().checked_sub(length).filter(|&start| start > 0) else { continue };
        let newest = &tokens[start..];
        let earlier = tokens[..tokens.len() - 1].windows(length).rposition(|window| window == newest);
        if let Some(at) = earlier {
            return tokens[at + length..].iter().take(most).copied().collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One token costs as much as eight: a machine that waits for its memory.
    const MEMORY_BOUND: [f32; 8] = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 4.0];
    /// Every token costs the same: a machine that computes.
    const COMPUTE_BOUND: [f32; 8] = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 16.0, 32.0];

    #[test]
    fn what_followed_last_time_is_proposed() {
        let cases: [(&str, &[Token], &[Token]); 5] = [
            ("three agree", &[1, 2, 3, 4, 5, 9, 1, 2, 3], &[4, 5, 9, 1]),
            ("two agree", &[7, 2, 3, 4, 9, 2, 3], &[4, 9, 2, 3]),
            ("the latest place wins", &[2, 3, 4, 2, 3, 5, 2, 3], &[5, 2, 3]),
            ("nothing agrees", &[1, 2, 3, 4], &[]),
            ("too short", &[1], &[]),
        ];
        for (case, tokens, expected) in cases {
            assert_eq!(propose(tokens, 0, LONGEST_DRAFT), expected, "{case}");
        }
        assert!(propose(&[1, 2, 3, 9, 1, 2], 3, 4).is_empty(), "the shared part is not searched");
    }

    #[test]
    fn drafting_is_for_machines_that_wait_for_memory() {
        assert_eq!(Drafter::new(Drafting::Auto, MEMORY_BOUND.to_vec()).length(1), LONGEST_DRAFT);
        assert_eq!(Drafter::new(Drafting::Auto, COMPUTE_BOUND.to_vec()).length(1), 0);
        assert_eq!(Drafter::new(Drafting::Auto, Vec::new()).length(1), 0);
        assert_eq!(Drafter::new(Drafting::Off, MEMORY_BOUND.to_vec()).length(1), 0);
        assert_eq!(Drafter::new(Drafting::On, Vec::new()).length(8), LONGEST_DRAFT);
    }

    #[test]
    fn drafting_ends_where_the_drafts_are_wrong_or_many_speak() {
        let mut drafter = Drafter::new(Drafting::Auto, MEMORY_BOUND.to_vec());
        assert_eq!(drafter.length(32), 0, "the batch is full without drafts");

        for _ in 0..2000 {
            drafter.note(4, 0);
        }

        assert_eq!(drafter.length(1), 0);
    }
}
