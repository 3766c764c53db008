//! The `anamnesis` program; see [`anamnesis::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    anamnesis::cli::main()
}
