//! The state of one consultation: disclosure, dialogue, speaking, checking.
