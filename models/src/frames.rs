//! What the server and the model worker say to each other: a length in four little-endian bytes,
//! then that much JSON.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    chat::TemplateFamily,
    engine::{Choice, Drafting, EngineError, Speech, SpeechRequest},
    reader::Pair,
};

/// Far above any real frame; a longer one means the stream is out of step.
const LONGEST_FRAME: usize = 64 << 20;

/// Numbers a request between its first and last frame.
pub(crate) type RequestId = u64;

/// From the server to the worker.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ToWorker {
    /// The first frame: what to load.
    Configure(Configuration),
    Speak {
        id: RequestId,
        request: SpeechRequest,
        /// Whether the choice of every token is told.
        trace: bool,
    },
    Cancel {
        id: RequestId,
    },
    Embed {
        id: RequestId,
        texts: Texts,
    },
}

/// What is embedded, or read in pairs: then each "vector" is one number, the log-odds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Texts {
    Single(Vec<String>),
    Pairs(Vec<Pair>),
}

impl Texts {
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Single(texts) => texts.len(),
            Self::Pairs(pairs) => pairs.len(),
        }
    }
}

/// From the worker to the server.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum FromWorker {
    /// Everything is loaded.
    Ready(WorkerFacts),
    /// Nothing can be loaded; the worker ends.
    Failed(String),
    Piece {
        id: RequestId,
        text: String,
    },
    Spoken {
        id: RequestId,
        speech: Speech,
        /// Every token's choice, when it was asked for.
        trace: Vec<Choice>,
    },
    Embedded {
        id: RequestId,
        vectors: Vec<Vec<f32>>,
    },
    Refused {
        id: RequestId,
        error: EngineError,
    },
}

/// What a worker loads and how much it may use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Configuration {
    pub speech: Option<SpeechModel>,
    pub embedding: Option<PathBuf>,
    pub context_tokens: u32,
    pub threads: u32,
    pub most_speaking: u32,
    pub drafting: Drafting,
    /// What an earlier worker on this machine measured; empty to measure again.
    pub step_costs: Vec<f32>,
    /// Most memory the worker may map, in bytes.
    pub most_memory: Option<u64>,
}

/// The speaking model and how a conversation is written down for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SpeechModel {
    pub path: PathBuf,
    pub template: TemplateFamily,
}

/// What a worker found out while loading.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct WorkerFacts {
    pub cpu_features: Vec<String>,
    pub context_tokens: u32,
    pub threads: u32,
    pub step_costs: Vec<f32>,
    pub draft_tokens: u32,
}

/// Writes one frame and flushes.
pub(crate) fn write(output: &mut impl Write, frame: &impl Serialize) -> io::Result<()> {
    let body = serde_json::to_vec(frame)?;
    let length = u32::try_from(body.len()).map_err(|_| io::Error::other("a frame is longer than 4 GiB"))?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&body)?;
    output.flush()
}

/// Reads one frame; `None` at the end of the stream.
pub(crate) fn read<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST_FRAME {
        return Err(io::Error::other(format!("a frame of {length} bytes: the stream is out of step")));
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_as_they_were_sent_and_the_end_is_seen() {
        let mut stream = Vec::new();
        write(&mut stream, &ToWorker::Embed { id: 7, texts: Texts::Single(vec!["胸痛".to_owned()]) }).unwrap();
        write(&mut stream, &ToWorker::Cancel { id: 8 }).unwrap();
        let mut input = stream.as_slice();

        let first = read(&mut input).unwrap();
        assert!(matches!(first, Some(ToWorker::Embed { id: 7, texts: Texts::Single(texts) }) if texts == ["胸痛"]));
        assert!(matches!(read(&mut input).unwrap(), Some(ToWorker::Cancel { id: 8 })));
        assert!(read::<ToWorker>(&mut input).unwrap().is_none());
    }

    #[test]
    fn an_absurd_length_is_an_error_and_allocates_nothing() {
        assert!(read::<ToWorker>(&mut [0xFF, 0xFF, 0xFF, 0xFF, 0].as_slice()).is_err());
    }
}
