//! Server-sent events of a chat completion.

use std::collections::VecDeque;

use hyper::body::Incoming;
use serde::Deserialize;

use super::connection::next_piece;
use crate::{
    engine::{FinishReason, Timing},
    worker::text::ThinkFilter,
};

/// Longest line of the stream, in bytes; one holds a token or two.
const LONGEST_LINE: usize = 1 << 20;

/// What a line of the stream says.
#[derive(Debug, PartialEq)]
pub(super) enum Event {
    /// More words.
    Words(String),
    /// Why it ended.
    Finish(FinishReason),
    /// How many tokens it took.
    Counts(Counts),
}

/// Token counts, without times.
pub(super) type Counts = Timing;

/// The words of an answer as they come.
pub(super) struct Words {
    body: Incoming,
    lines: Lines,
}

impl Words {
    pub(super) fn new(body: Incoming) -> Self {
        Self { body, lines: Lines::default() }
    }

    /// The next event; none at the end of the stream.
    pub(super) async fn next(&mut self) -> Result<Option<Event>, String> {
        loop {
            if let Some(event) = self.lines.events.pop_front() {
                return Ok(Some(event));
            }
            if self.lines.over {
                return Ok(None);
            }
            match next_piece(&mut self.body).await? {
                Some(piece) => self.lines.push(&piece)?,
                None => return Ok(None),
            }
        }
    }
}

/// Cuts bytes into lines and lines into events.
#[derive(Default)]
struct Lines {
    held: Vec<u8>,
    events: VecDeque<Event>,
    over: bool,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<ChunkChoice>,
    usage: Option<Usage>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct ChunkChoice {
    #[serde(default)]
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Delta {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
    prompt_tokens_details: Option<PromptTokens>,
}

#[derive(Deserialize)]
struct PromptTokens {
    #[serde(default)]
    cached_tokens: u32,
}

impl Lines {
    fn push(&mut self, piece: &[u8]) -> Result<(), String> {
        self.held.extend_from_slice(piece);
        while let Some(end) = self.held.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.held.drain(..=end).collect();
            self.line(&String::from_utf8_lossy(&line))?;
        }
        if self.held.len() > LONGEST_LINE { Err("a line of its answer is too long".to_owned()) } else { Ok(()) }
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        // Comments, event names and empty lines say nothing.
        let Some(data) = line.strip_prefix("data:") else { return Ok(()) };
        let data = data.trim();
        if data == "[DONE]" {
            self.over = true;
            return Ok(());
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| "its answer is not a chat stream".to_owned())?;
        if chunk.error.is_some() {
            return Err("it failed while it answered".to_owned());
        }
        for choice in chunk.choices {
            if let Some(words) = choice.delta.content.filter(|words| !words.is_empty()) {
                self.events.push_back(Event::Words(words));
            }
            if let Some(reason) = choice.finish_reason {
                let finish = if reason == "length" { FinishReason::Length } else { FinishReason::Stop };
                self.events.push_back(Event::Finish(finish));
            }
        }
        if let Some(usage) = chunk.usage {
            let cached = usage.prompt_tokens_details.map_or(0, |details| details.cached_tokens);
            self.events.push_back(Event::Counts(Counts {
                prompt_tokens: usage.prompt_tokens.saturating_sub(cached),
                cached_tokens: cached,
                spoken_tokens: usage.completion_tokens,
                ..Counts::default()
            }));
        }
        Ok(())
    }
}

/// What was said so far, thoughts left out.
#[derive(Default)]
pub(super) struct Transcript {
    filter: ThinkFilter,
    pub(super) text: String,
    pub(super) finish: Option<FinishReason>,
    pub(super) counts: Counts,
}

impl Transcript {
    /// Takes words in and gives what may be shown.
    pub(super) fn push(&mut self, words: &str) -> String {
        let shown = self.filter.push(words);
        self.text.push_str(&shown);
        shown
    }

    /// What was held back.
    pub(super) fn end(&mut self) -> String {
        let rest = self.filter.finish();
        self.text.push_str(&rest);
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(stream: &str, size: usize) -> Vec<Event> {
        let mut lines = Lines::default();
        for piece in stream.as_bytes().chunks(size) {
            lines.push(piece).unwrap();
        }
        lines.events.into_iter().collect()
    }

    #[test]
    fn a_stream_is_read_however_it_is_cut() {
        let stream = concat!(
            ": a comment\r\n\r\n",
            "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"三天\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"前。\"},\"finish_reason\":\"stop\"}]}\n\n",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":90,\"completion_tokens\":5,",
            "\"prompt_tokens_details\":{\"cached_tokens\":80}}}\n\ndata: [DONE]\n\n",
        );
        let counts = Counts { prompt_tokens: 10, cached_tokens: 80, spoken_tokens: 5, ..Counts::default() };
        for size in [1, 7, 1000] {
            let events = events(stream, size);
            assert_eq!(events[..2], [Event::Words("三天".into()), Event::Words("前。".into())], "{size}");
            assert_eq!(events[2], Event::Finish(FinishReason::Stop));
            assert_eq!(events[3], Event::Counts(counts));
            assert_eq!(events.len(), 4);
        }
    }

    #[test]
    fn what_is_not_a_chat_stream_is_an_error() {
        for line in ["data: {", "data: {\"error\":{\"message\":\"out of memory\"}}"] {
            assert!(Lines::default().push(format!("{line}\n").as_bytes()).is_err(), "{line}");
        }
    }
}
