//! Help during a consultation: hints graded in strength, and what an expert would ask now.
//!
//! Neither names the diagnosis. A hint leads to an item of the rubric by steps: the area, what kind
//! of thing, the item itself. What an expert would ask comes from the graph and what was told
//! alone, as if nobody knew the case.

mod expert;
mod next;
mod words;

pub(crate) use expert::evidence;
pub use expert::{ExpertQuestion, expert};
pub use next::{fits, next, open_items};
pub use words::{ExpertView, HintView, view};
