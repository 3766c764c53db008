//! Virtual-patient cases: the format, its checks, generation from the graph, the shipped library.
//!
//! A case is a set of *facts*. Each fact answers a topic, has a sentence the patient would say in
//! both languages, a disclosure level and a source. The diagnosis and the rubric stand beside the
//! facts and never reach a prompt.

pub mod format;
