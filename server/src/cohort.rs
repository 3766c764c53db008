//! What a class's consultations say about teaching: where it misses what, which items behave oddly, what
//! to work on this week and whether that helped. Pure.

mod focus;
mod homework;
mod items;
mod join_code;
mod misses;
mod share;
mod sheet;
mod week;

pub use focus::{Change, Effect, effect};
pub use homework::{Finished, Progress, Task, progress};
pub use items::{ItemStatistics, Oddity, item_statistics};
pub use join_code::{join_code, typed_code};
pub use misses::{Tally, by_section, by_student_and_section, by_topic};
pub use share::{Difference, Share};
pub use sheet::{Cohort, Marked, Sheet, SheetItem, Verdict};
pub use week::{Missed, Suggested, most_missed, suggested};
