//! How a conversation is written down for each family of models.
//!
//! A prompt is a list of pieces: marks of the template, which become special tokens, and plain
//! text, in which typed marks stay plain text. Nothing a person types can open or close a turn.

use serde::{Deserialize, Serialize};

use crate::gguf::Header;

/// Families of chat templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateFamily {
    /// `<|im_start|>role … <|im_end|>`: Qwen and others.
    ChatmlQwen,
    /// `<｜User｜>…<｜Assistant｜>…<｜end▁of▁sentence｜>`: DeepSeek R1 and its distills.
    DeepseekR1,
    /// Not a chat model.
    None,
}

/// A part of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptPiece {
    /// A mark of the template.
    Mark(&'static str),
    /// Text in which marks mean nothing.
    Plain(String),
}

/// A conversation as pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// The part shared by everyone on one case.
    pub shared: Vec<PromptPiece>,
    /// What follows, up to where the model begins to speak.
    pub own: Vec<PromptPiece>,
}

impl TemplateFamily {
    /// The family that fits a file's metadata: its chat template, else its tokenizer.
    pub fn detect(header: &Header) -> Self {
        let template = header.text("tokenizer.chat_template").unwrap_or_default();
        if template.contains("<｜Assistant｜>") {
            Self::DeepseekR1
        } else if template.contains("<|im_start|>") {
            Self::ChatmlQwen
        } else {
            match header.text("tokenizer.ggml.pre") {
                Some("deepseek-r1-qwen") => Self::DeepseekR1,
                Some("qwen2") => Self::ChatmlQwen,
                _ => Self::None,
            }
        }
    }

    /// Writes a conversation down; `None` for a model that cannot chat.
    pub fn render(self, system: &str, history: &[(String, String)], prompt: &str) -> Option<Prompt> {
        match self {
            Self::ChatmlQwen => Some(chatml(system, history, prompt)),
            Self::DeepseekR1 => Some(deepseek_r1(system, history, prompt)),
            Self::None => None,
        }
    }
}

fn chatml(system: &str, history: &[(String, String)], prompt: &str) -> Prompt {
    let turn = |role: &str, text: &str| {
        [mark("<|im_start|>"), plain(&format!("{role}\n{text}")), mark("<|im_end|>"), plain("\n")]
    };
    let mut own = Vec::new();
    for (said, answered) in history {
        own.extend(turn("user", said));
        own.extend(turn("assistant", answered));
    }
    own.extend(turn("user", prompt));
    own.extend([mark("<|im_start|>"), plain("assistant\n")]);
    Prompt { shared: turn("system", system).to_vec(), own }
}

/// The distills think before they answer unless the thought is already there: an empty one is
/// written down for them, so a patient answers at once.
fn deepseek_r1(system: &str, history: &[(String, String)], prompt: &str) -> Prompt {
    let mut own = Vec::new();
    for (said, answered) in history {
        own.extend([mark("<｜User｜>"), plain(said), mark("<｜Assistant｜>"), plain(answered)]);
        own.push(mark("<｜end▁of▁sentence｜>"));
    }
    own.extend([mark("<｜User｜>"), plain(prompt), mark("<｜Assistant｜>")]);
    own.extend([mark("<think>"), plain("\n\n"), mark("</think>"), plain("\n\n")]);
    Prompt { shared: vec![mark("<｜begin▁of▁sentence｜>"), plain(system)], own }
}

fn mark(text: &'static str) -> PromptPiece {
    PromptPiece::Mark(text)
}

fn plain(text: &str) -> PromptPiece {
    PromptPiece::Plain(text.to_owned())
}
