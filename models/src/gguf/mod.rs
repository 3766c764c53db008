//! GGUF, the file format of the weights.
//!
//! A file from outside is read here first, with checked arithmetic and bounds, so that native code
//! never sees a truncated or absurd one. Layout: magic, version, counts, metadata, tensor
//! descriptions, padding, tensor data; all little-endian
//! (the GGUF specification of the ggml project, version 3; version 2 is read too).

mod header;
mod tensor;
mod writer;

use std::{fs::File, io::BufReader, path::Path};

use thiserror::Error;

pub use header::{Header, MetadataEntry, MetadataValue};
pub use tensor::{TensorInfo, TensorType};
pub use writer::{TensorData, Writer};

/// The first four bytes of every GGUF file.
pub const MAGIC: [u8; 4] = *b"GGUF";

/// Why a file is not a usable GGUF.
#[derive(Debug, Error)]
pub enum GgufError {
    /// The file cannot be read at all.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Another kind of file.
    #[error("is not a GGUF file: it begins with {found:02x?} where `GGUF` is expected")]
    Magic {
        /// The first bytes found.
        found: [u8; 4],
    },
    /// A version this program does not read.
    #[error("has GGUF version {0}; versions 2 and 3 can be read (a big-endian file shows as a huge version)")]
    Version(u32),
    /// The file ends early.
    #[error("is truncated: {what} at byte {at} needs {needed} bytes, {left} are left; fetch the file again")]
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Where in the file.
        at: u64,
        /// Bytes wanted.
        needed: u64,
        /// Bytes left in the file.
        left: u64,
    },
    /// A number no real file has.
    #[error("is damaged: {what} at byte {at} is {value}, more than {limit}")]
    Absurd {
        /// What was being read.
        what: &'static str,
        /// Where in the file.
        at: u64,
        /// The value found.
        value: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// Something else that breaks the format.
    #[error("is damaged: {what} at byte {at}")]
    Malformed {
        /// What is wrong.
        what: String,
        /// Where in the file.
        at: u64,
    },
    /// A tensor lies outside the file.
    #[error("is truncated: tensor `{name}` ends at byte {end}, the file at {length}; fetch the file again")]
    TensorOutside {
        /// The tensor's name.
        name: String,
        /// Where it should end.
        end: u64,
        /// Length of the file in bytes.
        length: u64,
    },
}

/// Reads and checks everything but the tensor data of the file at `path`.
pub fn check(path: &Path) -> Result<Header, GgufError> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let header = Header::read(&mut BufReader::new(file), length)?;
    header.check_tensors(length)?;
    Ok(header)
}
