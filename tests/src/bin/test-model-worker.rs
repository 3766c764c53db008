//! The model worker alone, for tests; the product's binary runs the same as `anamnesis model-worker`.

use std::process::ExitCode;

fn main() -> ExitCode {
    models::worker::run()
}
