//! Which tokens lie in which sequence of the context: bookkeeping only, no native code.
//!
//! A *trunk* is a prefix shared by everyone on one case, evaluated once. A *conversation* is one
//! learner's sequence: it begins as a copy of its trunk (the copy shares the trunk's cells) and
//! stays after a reply, so that the next turn only evaluates what is new. When cells or sequences
//! run out, the conversation that was idle longest goes first, trunks that nobody uses last.

/// A token of the model's vocabulary.
pub(super) type Token = i32;

/// A prefix shorter than this is not worth a trunk.
const SHORTEST_TRUNK: usize = 16;

/// Number of a sequence in the context.
pub(super) type SequenceId = usize;

#[derive(Debug, Default)]
enum Sequence {
    #[default]
    Free,
    Trunk {
        tokens: Vec<Token>,
        /// Whether its cells are filled.
        ready: bool,
    },
    Conversation {
        tokens: Vec<Token>,
        trunk: Option<SequenceId>,
        /// While it speaks, the most tokens it may come to hold.
        reserved: Option<usize>,
        last_used: u64,
    },
}

/// All sequences of one context.
#[derive(Debug)]
pub(super) struct Sequences {
    all: Vec<Sequence>,
    cells: usize,
    clock: u64,
}

/// What must be done to the context before a prompt can be evaluated.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Where the conversation lives.
    pub sequence: SequenceId,
    /// Sequences to empty first.
    pub evict: Vec<SequenceId>,
    /// Copy that many tokens from there.
    pub copy: Option<(SequenceId, usize)>,
    /// Tokens of the prompt that need no evaluation; what lies behind them is to be removed.
    pub cached: usize,
    /// Fill this trunk from the conversation when the shared part is evaluated.
    pub new_trunk: Option<SequenceId>,
}

/// What a prompt can go on from.
#[derive(Clone, Copy)]
struct Start {
    earlier: Option<(SequenceId, usize)>,
    in_place: Option<SequenceId>,
    trunk: Option<SequenceId>,
}

/// Why a prompt cannot begin now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Hindrance {
    /// It never will: more than the whole context.
    TooLong,
    /// Others must finish first, or are just evaluating the same prefix.
    Wait,
}

impl Sequences {
    pub(super) fn new(count: usize, cells: usize) -> Self {
        Self { all: (0..count).map(|_| Sequence::Free).collect(), cells, clock: 0 }
    }

    /// Plans for `prompt`, whose first `shared` tokens are the same for everyone on the case, and
    /// which may come to `longest` tokens. The plan is booked at once.
    pub(super) fn begin(&mut self, prompt: &[Token], shared: usize, longest: usize) -> Result<Plan, Hindrance> {
        if longest > self.cells {
            return Err(Hindrance::TooLong);
        }
        let shared = if shared < SHORTEST_TRUNK { 0 } else { shared };
        let trunk = match self.trunk(&prompt[..shared]) {
            Some((_, false)) => return Err(Hindrance::Wait),
            Some((id, true)) => Some(id),
            None => None,
        };
        let earlier = self.longest_common(prompt, shared);
        // The conversation to go on from may be what takes the room: then do without it.
        [self.start(earlier, trunk), self.start(None, trunk)]
            .into_iter()
            .find_map(|start| self.book(start, prompt, shared, longest))
            .ok_or(Hindrance::Wait)
    }

    fn start(&self, earlier: Option<(SequenceId, usize)>, trunk: Option<SequenceId>) -> Start {
        let in_place = earlier.filter(|&(id, common)| self.is_mostly_kept(id, common, trunk)).map(|(id, _)| id);
        Start { earlier, in_place, trunk }
    }

    fn book(&mut self, start: Start, prompt: &[Token], shared: usize, longest: usize) -> Option<Plan> {
        let Start { earlier, in_place, trunk } = start;
        let wants_trunk = shared > 0 && trunk.is_none();
        let cost = longest - trunk.map_or(0, |_| shared);
        let freed = in_place.map_or(0, |id| self.cost(id));
        let missing_cells = (self.used() - freed + cost).saturating_sub(self.cells);
        let new_sequences = usize::from(in_place.is_none()) + usize::from(wants_trunk);
        let untouched = [earlier.map(|(id, _)| id), trunk];
        let evict = self.make_room(missing_cells, new_sequences, untouched)?;
        for &id in &evict {
            self.all[id] = Sequence::Free;
        }
        let sequence = in_place.or_else(|| self.free(None))?;
        let new_trunk = if wants_trunk { self.free(Some(sequence)) } else { None };
        // The last token is always evaluated: its logits begin the reply.
        let most = prompt.len().saturating_sub(1);
        let source = earlier.or(trunk.map(|id| (id, shared))).map(|(id, common)| (id, common.min(most)));
        let cached = source.map_or(0, |(_, common)| common);
        if let Some(id) = new_trunk {
            self.all[id] = Sequence::Trunk { tokens: prompt[..shared].to_vec(), ready: false };
        }
        self.clock += 1;
        self.all[sequence] = Sequence::Conversation {
            tokens: prompt[..cached].to_vec(),
            trunk: trunk.or(new_trunk),
            reserved: Some(longest),
            last_used: self.clock,
        };
        Some(Plan { sequence, evict, copy: source.filter(|_| in_place.is_none()), cached, new_trunk })
    }

    /// Notes that these tokens are now in the sequence.
    pub(super) fn evaluated(&mut self, id: SequenceId, new: &[Token]) {
        if let Sequence::Conversation { tokens, .. } = &mut self.all[id] {
            tokens.extend_from_slice(new);
        }
    }

    /// Notes that the trunk's cells are filled.
    pub(super) fn trunk_ready(&mut self, id: SequenceId) {
        if let Sequence::Trunk { ready, .. } = &mut self.all[id] {
            *ready = true;
        }
    }

    /// The reply is over; the conversation stays until its cells are needed. A trunk that was
    /// promised but not filled is given up, and the conversation stands alone.
    pub(super) fn end(&mut self, id: SequenceId, unfilled_trunk: Option<SequenceId>) {
        self.clock += 1;
        let now = self.clock;
        if let Sequence::Conversation { reserved, last_used, trunk, .. } = &mut self.all[id] {
            *reserved = None;
            *last_used = now;
            if unfilled_trunk.is_some() {
                *trunk = None;
            }
        }
        if let Some(trunk) = unfilled_trunk {
            self.all[trunk] = Sequence::Free;
        }
    }

    /// Forgets everything that is not in use and says which sequences to empty.
    pub(super) fn drop_idle(&mut self) -> Vec<SequenceId> {
        let idle: Vec<_> = self.evictable([None; 2]).into_iter().map(|(id, _)| id).collect();
        for &id in &idle {
            self.all[id] = Sequence::Free;
        }
        idle
    }

    fn trunk(&self, prefix: &[Token]) -> Option<(SequenceId, bool)> {
        self.all.iter().enumerate().find_map(|(id, sequence)| match sequence {
            Sequence::Trunk { tokens, ready } if !prefix.is_empty() && tokens == prefix => Some((id, *ready)),
            _ => None,
        })
    }

    /// The idle conversation that shares most with `prompt`, if it shares more than the trunk.
    fn longest_common(&self, prompt: &[Token], shared: usize) -> Option<(SequenceId, usize)> {
        let common = |(id, sequence): (SequenceId, &Sequence)| match sequence {
            Sequence::Conversation { tokens, reserved: None, .. } => {
                Some((id, tokens.iter().zip(prompt).take_while(|(old, new)| old == new).count()))
            }
            _ => None,
        };
        let best = self.all.iter().enumerate().filter_map(common).max_by_key(|&(_, length)| length);
        best.filter(|&(_, length)| length > shared)
    }

    /// Whether going on in this conversation loses less than half of what is its own.
    fn is_mostly_kept(&self, id: SequenceId, common: usize, trunk: Option<SequenceId>) -> bool {
        let Sequence::Conversation { tokens, trunk: its_trunk, .. } = &self.all[id] else { return false };
        let start = self.trunk_length(*its_trunk);
        *its_trunk == trunk && (common - start.min(common)) * 2 >= tokens.len() - start
    }

    fn trunk_length(&self, id: Option<SequenceId>) -> usize {
        match id.map(|id| &self.all[id]) {
            Some(Sequence::Trunk { tokens, .. }) => tokens.len(),
            _ => 0,
        }
    }

    /// Cells that only this sequence holds (copies of conversations count too much, never too little).
    fn cost(&self, id: SequenceId) -> usize {
        match &self.all[id] {
            Sequence::Free => 0,
            Sequence::Trunk { tokens, .. } => tokens.len(),
            Sequence::Conversation { tokens, trunk, reserved, .. } => {
                let length = reserved.unwrap_or(0).max(tokens.len());
                length - self.trunk_length(*trunk).min(length)
            }
        }
    }

    fn used(&self) -> usize {
        (0..self.all.len()).map(|id| self.cost(id)).sum()
    }

    fn free(&self, except: Option<SequenceId>) -> Option<SequenceId> {
        (0..self.all.len()).find(|&id| Some(id) != except && matches!(self.all[id], Sequence::Free))
    }

    /// What to evict, first things first: idle conversations from the longest unused, then trunks
    /// without a conversation that speaks or must stay.
    fn evictable(&self, untouched: [Option<SequenceId>; 2]) -> Vec<(SequenceId, usize)> {
        let is_untouched = |id: SequenceId| untouched.contains(&Some(id));
        let mut idle: Vec<_> = Vec::new();
        let mut trunks_in_use = Vec::new();
        let mut trunks = Vec::new();
        for (id, sequence) in self.all.iter().enumerate() {
            match sequence {
                Sequence::Conversation { reserved: None, last_used, .. } if !is_untouched(id) => {
                    idle.push((*last_used, id));
                }
                Sequence::Conversation { trunk, .. } => trunks_in_use.extend(*trunk),
                Sequence::Trunk { ready: true, .. } if !is_untouched(id) => trunks.push(id),
                _ => {}
            }
        }
        idle.sort_unstable();
        let unused = trunks.into_iter().filter(|id| !trunks_in_use.contains(id));
        idle.into_iter().map(|(_, id)| id).chain(unused).map(|id| (id, self.cost(id))).collect()
    }

    fn make_room(
        &self,
        mut missing_cells: usize,
        new_sequences: usize,
        untouched: [Option<SequenceId>; 2],
    ) -> Option<Vec<SequenceId>> {
        let free = self.all.iter().filter(|sequence| matches!(sequence, Sequence::Free)).count();
        let mut missing_sequences = new_sequences.saturating_sub(free);
        let mut evict = Vec::new();
        for (id, cost) in self.evictable(untouched) {
            if missing_cells == 0 && missing_sequences == 0 {
                break;
            }
            missing_cells = missing_cells.saturating_sub(cost);
            missing_sequences = missing_sequences.saturating_sub(1);
            evict.push(id);
        }
        (missing_cells == 0 && missing_sequences == 0).then_some(evict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A prompt that begins with the 20 tokens of case `case`.
    fn prompt(case: Token, own: &[Token]) -> Vec<Token> {
        std::iter::repeat_n(case, 20).chain(own.iter().copied()).collect()
    }

    /// Plays a whole turn and returns its plan.
    fn turn(sequences: &mut Sequences, prompt: &[Token], reply: &[Token]) -> Plan {
        let plan = sequences.begin(prompt, 20, prompt.len() + 10).unwrap();
        sequences.evaluated(plan.sequence, &prompt[plan.cached..]);
        if let Some(trunk) = plan.new_trunk {
            sequences.trunk_ready(trunk);
        }
        sequences.evaluated(plan.sequence, reply);
        sequences.end(plan.sequence, None);
        plan
    }

    #[test]
    fn the_shared_prefix_is_evaluated_once_and_copied_afterwards() {
        let mut sequences = Sequences::new(8, 1000);

        let first = turn(&mut sequences, &prompt(1, &[10, 11]), &[12]);
        let second = turn(&mut sequences, &prompt(1, &[50, 51]), &[52]);

        assert_eq!((first.cached, first.copy), (0, None));
        assert_eq!((second.cached, second.copy), (20, Some((first.new_trunk.unwrap(), 20))));
        assert_eq!(second.new_trunk, None);
    }

    #[test]
    fn a_second_learner_waits_while_the_prefix_is_being_evaluated() {
        let mut sequences = Sequences::new(8, 1000);
        let first = sequences.begin(&prompt(1, &[10]), 20, 40).unwrap();

        assert_eq!(sequences.begin(&prompt(1, &[50]), 20, 40), Err(Hindrance::Wait));
        assert!(sequences.begin(&prompt(2, &[50]), 20, 40).is_ok(), "another case need not wait");
        sequences.trunk_ready(first.new_trunk.unwrap());
        assert_eq!(sequences.begin(&prompt(1, &[50]), 20, 40).unwrap().cached, 20);
    }

    #[test]
    fn the_next_turn_of_a_conversation_costs_only_its_new_tokens() {
        let mut sequences = Sequences::new(8, 1000);
        let first = turn(&mut sequences, &prompt(1, &[10, 11]), &[12, 13]);

        let second = turn(&mut sequences, &prompt(1, &[10, 11, 12, 13, 14, 15]), &[16]);

        assert_eq!((second.sequence, second.cached, second.copy), (first.sequence, 24, None));
    }

    #[test]
    fn a_conversation_that_goes_another_way_leaves_the_old_one_whole() {
        let mut sequences = Sequences::new(8, 1000);
        let old = turn(&mut sequences, &prompt(1, &[10, 11, 12, 13, 14]), &[15]);

        let new = turn(&mut sequences, &prompt(1, &[10, 60, 61]), &[62]);

        assert_ne!(new.sequence, old.sequence);
        assert_eq!(new.copy, Some((old.sequence, 21)));
        assert_eq!(turn(&mut sequences, &prompt(1, &[10, 11, 12, 13, 14, 15, 16]), &[]).cached, 26);
    }

    #[test]
    fn the_longest_idle_conversation_makes_room_first() {
        let mut sequences = Sequences::new(8, 100);
        let first = turn(&mut sequences, &prompt(1, &[10, 11, 12, 13]), &[14]);
        let second = turn(&mut sequences, &prompt(1, &[20, 21, 22, 23]), &[24]);

        let plan = sequences.begin(&prompt(1, &[30]), 20, 92).unwrap();

        assert_eq!(plan.evict, [first.sequence]);
        assert_ne!(plan.evict, [second.sequence]);
    }

    #[test]
    fn a_prompt_waits_for_room_and_is_refused_only_when_it_never_fits() {
        let mut sequences = Sequences::new(8, 100);
        let speaking = sequences.begin(&prompt(1, &[10]), 20, 60).unwrap();

        assert_eq!(sequences.begin(&prompt(2, &[10]), 20, 60), Err(Hindrance::Wait));
        assert_eq!(sequences.begin(&prompt(2, &[10]), 20, 101), Err(Hindrance::TooLong));
        sequences.end(speaking.sequence, speaking.new_trunk);
        assert!(sequences.begin(&prompt(2, &[10]), 20, 60).is_ok());
    }

    #[test]
    fn a_conversation_that_takes_all_the_room_gives_way_to_its_own_continuation() {
        let mut sequences = Sequences::new(4, 100);
        turn(&mut sequences, &prompt(1, &(100..160).collect::<Vec<_>>()), &[1]);

        let plan = sequences.begin(&prompt(1, &[100, 7, 8]), 20, 100);

        assert!(plan.is_ok(), "nothing else speaks, so waiting would last for ever");
    }

    #[test]
    fn a_cancelled_first_turn_gives_its_trunk_up() {
        let mut sequences = Sequences::new(8, 1000);
        let plan = sequences.begin(&prompt(1, &[10]), 20, 40).unwrap();
        sequences.evaluated(plan.sequence, &prompt(1, &[])[..7]);

        sequences.end(plan.sequence, plan.new_trunk);

        let next = sequences.begin(&prompt(1, &[50]), 20, 40).unwrap();
        assert!(next.new_trunk.is_some());
    }
}
