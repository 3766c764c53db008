//! The public surface of Anamnesis, tested as its users meet it.

mod accounts;
mod security;
mod store;
mod support;
