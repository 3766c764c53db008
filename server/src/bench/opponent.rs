//! Another engine to compare with: a llama-server with the same weights, started here or already
//! running. Not a part of this product; whoever compares brings it.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use models::{EngineError, RemoteEngine, RemoteOptions, SpeechEngine};

/// Loading weights takes less, however busy the machine is.
const LOADING: Duration = Duration::from_mins(3);
/// Tokens of context for each student: a persona, a question and its answer take less.
const CONTEXT_OF_ONE: usize = 1024;

/// How another engine is reached.
#[derive(Clone, Debug)]
pub enum Opponent {
    /// A server that runs.
    At(String),
    /// A program to start with these weights.
    Program {
        /// The program.
        program: PathBuf,
        /// The weights.
        weights: PathBuf,
        /// Threads that compute.
        threads: u32,
    },
}

/// A server that answers; one that was started ends with it.
pub struct Running {
    /// Speaks through it.
    pub engine: Arc<dyn SpeechEngine>,
    /// Its process, when it was started here.
    process: Option<Child>,
}

impl Running {
    /// The number of its process, when it was started here.
    pub fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Opponent {
    /// Has it ready for `students` at once, each with a slot and its prompt cache on.
    pub async fn start(&self, students: usize) -> Result<Running, EngineError> {
        let (address, process) = match self {
            Self::At(address) => (address.clone(), None),
            Self::Program { program, weights, threads } => {
                let port = free_port().map_err(|error| EngineError::Unavailable(error.to_string()))?;
                let started = start(program, weights, (*threads, students, port));
                let process = started.map_err(|error| {
                    EngineError::Unavailable(format!("{} cannot be run: {error}", program.display()))
                })?;
                (format!("http://127.0.0.1:{port}"), Some(process))
            }
        };
        let mut running = Running { engine: Arc::new(models::ScriptedEngine), process };
        let most_at_one = u32::try_from(students).unwrap_or(u32::MAX);
        let options = RemoteOptions { most_at_one, ..RemoteOptions::new(vec![address]) };
        let patience = tokio::time::Instant::now() + LOADING;
        loop {
            match RemoteEngine::start(options.clone()).await {
                Ok(engine) => {
                    running.engine = Arc::new(engine);
                    return Ok(running);
                }
                Err(error) if tokio::time::Instant::now() > patience => return Err(error),
                Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
            }
        }
    }
}

fn start(program: &Path, weights: &Path, (threads, slots, port): (u32, usize, u16)) -> std::io::Result<Child> {
    let context = CONTEXT_OF_ONE * slots;
    Command::new(program)
        .arg("--model")
        .arg(weights)
        .args(["--host", "127.0.0.1", "--port", &port.to_string()])
        .args(["--parallel", &slots.to_string(), "--ctx-size", &context.to_string()])
        .args(["--threads", &threads.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
