//! The model worker: the process in which native code runs.
//!
//! One thread owns everything of llama.cpp and computes: first a batch of texts to embed, then one
//! step of all replies, and again. A second thread reads what the server sends. When the server's
//! end of the pipe closes, the worker ends.

mod drafting;
mod embedding;
mod limits;
mod reply;
mod sampling;
mod sequences;
mod speaker;
pub(crate) mod text;

use std::{
    io::{self, BufReader, BufWriter, Write},
    process::ExitCode,
    sync::mpsc::{self, Receiver, TryRecvError},
    thread,
    time::Duration,
};

use llama_cpp_2::{
    LogOptions, llama_backend::LlamaBackend, model::LlamaModel, model::params::LlamaModelParams, send_logs_to_tracing,
};

use crate::{
    engine::EngineError,
    frames::{self, Configuration, FromWorker, ToWorker, WorkerFacts},
    gguf, native,
};
use embedding::{Embedding, Reader};
use speaker::{Event, Speaker};

/// How long a step of native code may take to end after the server is gone.
const GRACE: Duration = Duration::from_secs(2);

/// The whole life of a worker process: frames in on standard input, frames out on standard output,
/// logs on standard error. Returns when the server has closed its end.
pub fn run() -> ExitCode {
    log_to_stderr();
    die_with_the_server();
    limits::renounce();
    let (sender, frames) = mpsc::channel();
    thread::spawn(move || {
        read_frames(&sender);
        drop(sender);
        thread::sleep(GRACE);
        tracing::warn!("a step outlived the server; the worker ends itself");
        let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGKILL);
    });
    let mut output = BufWriter::new(io::stdout().lock());
    let Ok(ToWorker::Configure(configuration)) = frames.recv() else {
        tracing::error!("the first frame is not a configuration: this command is started by the server");
        return ExitCode::from(2);
    };
    limits::bound_memory(configuration.most_memory);
    match serve(&configuration, &frames, &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            tracing::error!("{message}");
            // The server may be gone already.
            let _ = frames::write(&mut output, &FromWorker::Failed(message));
            ExitCode::FAILURE
        }
    }
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ANAMNESIS_WORKER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error,models=info"));
    // A subscriber may be there already, when the binary set one.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).try_init();
    send_logs_to_tracing(LogOptions::default());
}

/// The closed pipe ends the worker too; this also covers a worker that is stuck in native code.
fn die_with_the_server() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL) {
        tracing::warn!(%error, "the worker may outlive a killed server by some seconds");
    }
}

fn read_frames(sender: &mpsc::Sender<ToWorker>) {
    let mut input = BufReader::new(io::stdin().lock());
    loop {
        match frames::read(&mut input) {
            Ok(Some(frame)) => {
                if sender.send(frame).is_err() {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "a frame from the server cannot be read");
                return;
            }
        }
    }
}

fn serve(configuration: &Configuration, frames: &Receiver<ToWorker>, output: &mut impl Write) -> Result<(), String> {
    let backend = LlamaBackend::init().map_err(|error| error.to_string())?;
    let load = |path| load(&backend, path);
    let speech = configuration.speech.as_ref().map(|speech| load(&speech.path)).transpose()?;
    let mut embedding = configuration.embedding.as_ref().map(load).transpose()?;
    let reader = embedding.as_mut().and_then(Reader::new);
    let speaker = match (&configuration.speech, &speech) {
        (Some(wanted), Some(model)) => Some(Speaker::new(&backend, model, wanted.template, configuration)?),
        _ => None,
    };
    let embedding = embedding.as_ref().map(|model| Embedding::new(&backend, (model, reader), configuration));
    let embedding = embedding.transpose()?;
    let facts = WorkerFacts {
        cpu_features: native::cpu_features(),
        context_tokens: speaker.as_ref().map_or(0, Speaker::context_tokens),
        threads: configuration.threads,
        step_costs: speaker.as_ref().map(|speaker| speaker.step_costs().to_vec()).unwrap_or_default(),
        draft_tokens: speaker.as_ref().map_or(0, Speaker::draft_tokens),
    };
    let mut desk = Desk { speaker, embedding, output };
    desk.say(&FromWorker::Ready(facts))?;
    while let Some(received) = receive(frames, desk.is_idle()) {
        for frame in received {
            desk.take(frame)?;
        }
        desk.work()?;
    }
    Ok(())
}

fn load(backend: &LlamaBackend, path: &std::path::PathBuf) -> Result<LlamaModel, String> {
    let named = |reason: &dyn std::fmt::Display| format!("{} {reason}", path.display());
    gguf::check(path).map_err(|error| named(&error))?;
    LlamaModel::load_from_file(backend, path, &LlamaModelParams::default())
        .map_err(|error| named(&format!("cannot be loaded: {error}")))
}

/// Everything that has arrived; waits for the first frame when there is nothing to do. `None` when
/// the server has closed its end.
fn receive(frames: &Receiver<ToWorker>, wait: bool) -> Option<Vec<ToWorker>> {
    let mut received = Vec::new();
    if wait {
        received.push(frames.recv().ok()?);
    }
    loop {
        match frames.try_recv() {
            Ok(frame) => received.push(frame),
            Err(TryRecvError::Empty) => return Some(received),
            Err(TryRecvError::Disconnected) => return None,
        }
    }
}

/// The models and the way back to the server.
struct Desk<'m, 'o, W> {
    speaker: Option<Speaker<'m>>,
    embedding: Option<Embedding<'m>>,
    output: &'o mut W,
}

impl<W: Write> Desk<'_, '_, W> {
    fn is_idle(&self) -> bool {
        self.speaker.as_ref().is_none_or(Speaker::is_idle) && self.embedding.as_ref().is_none_or(Embedding::is_idle)
    }

    fn take(&mut self, frame: ToWorker) -> Result<(), String> {
        match frame {
            ToWorker::Configure(_) => Err("a second configuration: start another worker".to_owned()),
            ToWorker::Speak { id, request, trace } => match &mut self.speaker {
                Some(speaker) => speaker.push(id, request, trace).map_or(Ok(()), |event| self.report(event)),
                None => self.refuse(id, "no speaking model is loaded"),
            },
            ToWorker::Cancel { id } => {
                let event = self.speaker.as_mut().and_then(|speaker| speaker.cancel(id));
                event.map_or(Ok(()), |event| self.report(event))
            }
            ToWorker::Embed { id, texts } => match &mut self.embedding {
                Some(embedding) => {
                    embedding.push(id, texts);
                    Ok(())
                }
                None => self.refuse(id, "no embedding model is loaded"),
            },
        }
    }

    /// One batch of vectors, then one step of speech: neither keeps the other waiting for long.
    fn work(&mut self) -> Result<(), String> {
        if let Some((id, outcome)) = self.embedding.as_mut().and_then(Embedding::step) {
            self.say(&match outcome {
                Ok(vectors) => FromWorker::Embedded { id, vectors },
                Err(message) => FromWorker::Refused { id, error: EngineError::Refused(message) },
            })?;
        }
        let events = self.speaker.as_mut().map(Speaker::step).unwrap_or_default();
        events.into_iter().try_for_each(|event| self.report(event))
    }

    fn report(&mut self, event: Event) -> Result<(), String> {
        self.say(&match event {
            Event::Piece(id, text) => FromWorker::Piece { id, text },
            Event::Spoken(id, speech, trace) => FromWorker::Spoken { id, speech, trace },
            Event::Refused(id, error) => FromWorker::Refused { id, error },
        })
    }

    fn refuse(&mut self, id: frames::RequestId, why: &str) -> Result<(), String> {
        self.say(&FromWorker::Refused { id, error: EngineError::Refused(why.to_owned()) })
    }

    fn say(&mut self, frame: &FromWorker) -> Result<(), String> {
        frames::write(self.output, frame).map_err(|error| format!("the server does not listen: {error}"))
    }
}
