//! The crate through its public face, with real weights where the engine is the point.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod deepseek;
mod engine;
mod equality;
mod gguf;
mod hub;
mod remote;
mod support;
mod weights;
