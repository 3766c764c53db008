//! Starting the worker, listening to it, and starting it again.

use std::{
    io::{BufReader, BufWriter, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::state::Shared;
use crate::frames::{self, FromWorker, ToWorker};

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// Runs until the engine is dropped. The thread that starts a worker must live as long as it does:
/// a worker asks the system to be killed when that thread ends.
pub(super) fn supervise(shared: &Shared) {
    let mut pause = SHORTEST_PAUSE;
    while !shared.is_stopping() {
        let reason = match run_once(shared) {
            Ok(()) => "the model worker ended; it is being restarted".to_owned(),
            Err(error) => format!("the model worker cannot be run: {error}"),
        };
        let served = shared.ended(&reason);
        if shared.is_stopping() {
            return;
        }
        tracing::warn!(reason, "model worker");
        // A worker that finished something works; only one that dies before that is left alone longer.
        if served {
            pause = SHORTEST_PAUSE;
        }
        shared.pause(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One worker from start to end.
fn run_once(shared: &Shared) -> std::io::Result<()> {
    let options = &shared.options;
    let mut worker = Command::new(&options.executable)
        .args(&options.arguments)
        // Spinning barriers starve each other when a neighbour is busy.
        .env("OMP_WAIT_POLICY", "passive")
        // When native code aborts it would run a debugger on itself, which writes between the frames.
        .env("GGML_NO_BACKTRACE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let outcome = listen(shared, &mut worker);
    // It may have ended by itself already.
    let _ = worker.kill();
    worker.wait()?;
    outcome
}

fn listen(shared: &Shared, worker: &mut Child) -> std::io::Result<()> {
    let (Some(input), Some(output)) = (worker.stdin.take(), worker.stdout.take()) else {
        return Err(std::io::Error::other("the worker's pipes are missing"));
    };
    let process = worker.id();
    shared.started(process);
    let (outbox, frames) = mpsc::channel();
    outbox
        .send(ToWorker::Configure(shared.options.configuration(shared.step_costs())))
        .map_err(std::io::Error::other)?;
    thread::scope(|scope| {
        scope.spawn(move || write_frames(shared, &frames, input, process));
        let mut output = BufReader::new(output);
        let heard = loop {
            match frames::read::<FromWorker>(&mut output) {
                Ok(Some(frame)) => shared.hear(frame, &outbox),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        // A worker that is out of step is of no use; a writer must not wait for it.
        kill_worker(process);
        shared.forget_outbox();
        drop(outbox);
        heard
    })
}

/// Writes to the worker, so that nobody else waits for its pipe, and watches over it meanwhile.
/// Ends, and with it closes the pipe, when the engine lets go of its end.
fn write_frames(shared: &Shared, frames: &Receiver<ToWorker>, input: ChildStdin, process: u32) {
    let mut input = BufWriter::new(input);
    loop {
        match frames.recv_timeout(WATCH_EVERY) {
            Ok(frame) => {
                if frames::write(&mut input, &frame).is_err() {
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout) if shared.is_stopping() => return,
            Err(RecvTimeoutError::Timeout) => {
                if shared.is_stalled() {
                    tracing::error!("the model worker says nothing; it is killed");
                    kill_worker(process);
                    return;
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                let _ = input.flush();
                return;
            }
        }
    }
}

pub(super) fn kill_worker(process: u32) {
    if let Ok(process) = i32::try_from(process) {
        // It may have ended by itself already; it was not waited for yet, so the number is its own.
        let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
    }
}
