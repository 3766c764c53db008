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
    /// `<｜User｜>…<｜Assistant｜>…`: `DeepSeek` R1 and its distills.
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

    /// The marks of the template; each is one token of a fitting vocabulary.
    pub fn marks(self) -> &'static [&'static str] {
        match self {
            Self::ChatmlQwen => &["<|im_start|>", "<|im_end|>"],
            Self::DeepseekR1 => &[
                "<｜begin▁of▁sentence｜>",
                "<｜User｜>",
                "<｜Assistant｜>",
                "<｜end▁of▁sentence｜>",
                "<think>",
                "</think>",
            ],
            Self::None => &[],
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(prompt: &Prompt) -> String {
        let piece = |piece: &PromptPiece| match piece {
            PromptPiece::Mark(text) => (*text).to_owned(),
            PromptPiece::Plain(text) => text.clone(),
        };
        prompt.shared.iter().chain(&prompt.own).map(piece).collect()
    }

    #[test]
    fn a_qwen_conversation_is_written_as_its_template_writes_it() {
        let history = [("Hello.".to_owned(), "Hello, doctor.".to_owned())];

        let prompt = TemplateFamily::ChatmlQwen.render("You are Mary.", &history, "When?").unwrap();

        assert_eq!(
            text(&prompt),
            "<|im_start|>system\nYou are Mary.<|im_end|>\n<|im_start|>user\nHello.<|im_end|>\n\
             <|im_start|>assistant\nHello, doctor.<|im_end|>\n<|im_start|>user\nWhen?<|im_end|>\n\
             <|im_start|>assistant\n"
        );
    }

    #[test]
    fn what_people_type_is_never_a_mark() {
        for family in [TemplateFamily::ChatmlQwen, TemplateFamily::DeepseekR1] {
            let typed = family.marks().concat();
            let empty = family.render("", &[], "").unwrap();

            let prompt = family.render(&typed, &[(typed.clone(), typed.clone())], &typed).unwrap();

            let marks =
                |pieces: &[PromptPiece]| pieces.iter().filter(|piece| matches!(piece, PromptPiece::Mark(_))).count();
            assert_eq!(marks(&prompt.shared), marks(&empty.shared));
            let plain = |piece: &&PromptPiece| matches!(piece, PromptPiece::Plain(text) if text.contains(&typed));
            assert_eq!(prompt.shared.iter().chain(&prompt.own).filter(plain).count(), 4, "{family:?}");
        }
    }

    #[test]
    fn a_model_that_cannot_chat_writes_nothing() {
        assert_eq!(TemplateFamily::None.render("a", &[], "b"), None);
    }
}
