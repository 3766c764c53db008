//! Marking schemes: data that say how a report becomes points.
//!
//! A scheme has domains, domains have parts, and each part takes items of the rubric (by section,
//! topic or attribute) or judgements of how the consultation was held. The points of a part are
//! shared out over what a case has for it, in whole steps (half points where the scheme wants them),
//! so that the sub-items of every case sum to the part, the parts to the domain and the domains to
//! the total. All arithmetic is in whole steps: the same report gives the same points everywhere.

mod check;
mod format;
mod marking;
mod parse;
mod points;
mod result;
mod shipped;
mod sub_items;
mod weights;

pub use format::{Critical, CriticalRule, Domain, Form, Part, PassMark, Penalty, Rounding, Scheme, Weights};
pub use marking::{Extras, mark};
pub use parse::{MAX_BYTES, content_hash, parse};
pub use points::Points;
pub use result::{CriticalResult, DomainResult, PartResult, PenaltyResult, SchemeResult, SubItem};
pub use shipped::{DEFAULT, EXAMPLE, Shipped, shipped, shipped_scheme};
pub use weights::graph_weights;

#[cfg(test)]
mod tests;
