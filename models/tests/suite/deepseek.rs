//! The `DeepSeek` R1 distills: real metadata, vocabulary and chat template (from the head of the 7B
//! file), around weights so small that they can be made here.
//!
//! The weights are made to say a script: every token's embedding is a fixed pattern of ±1, the only
//! layer adds nothing, and the output row of each token of the script is the pattern of the token
//! before it. So the true tokenizer, sampler and end-of-text handling run on a known reply.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
};

use crate::support::{options, speak, started, weights};
use llama_cpp_2::{
    llama_backend::LlamaBackend,
    model::{LlamaModel, params::LlamaModelParams},
    token::LlamaToken,
};
use minijinja::{Environment, context};
use models::{
    FinishReason, ModelIdentity, SpeechEngine, SpeechRequest, WorkerOptions,
    chat::TemplateFamily,
    gguf::{Header, TensorData, TensorType, Writer},
    weights::Weights,
};

const HEADER: &str = "deepseek-r1-distill-qwen-7b-header";
const WIDTH: u64 = 64;
const WIDE: u64 = 128;
const KEY_WIDTH: u64 = 32;
const VOCABULARY: u64 = 152_064;

// Numbers of the real vocabulary.
const THINK: u32 = 151_648;
const END_THINK: u32 = 151_649;
const END_OF_SENTENCE: u32 = 151_643;
const TWO_LINE_BREAKS: u32 = 271;
const HM: u32 = 34_301;
const YES: u32 = 9454;
const FULL_STOP: u32 = 13;

/// After the prompt's last token it thinks, says `Yes.` and ends.
const SCRIPT: [u32; 7] = [TWO_LINE_BREAKS, THINK, HM, END_THINK, YES, FULL_STOP, END_OF_SENTENCE];

/// The header file, and a model of it in a new folder.
fn scripted_model() -> (tempfile::TempDir, Weights) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deepseek-scripted.gguf");
    let template = write_model(&weights(HEADER).path, &path);
    let identity = ModelIdentity { name: "deepseek-scripted".to_owned(), sha256: String::new() };
    (folder, Weights { identity, path, template, purpose: None })
}

fn write_model(header_file: &Path, to: &PathBuf) -> TemplateFamily {
    let bytes = fs::read(header_file).unwrap();
    let header = Header::read(&mut BufReader::new(File::open(header_file).unwrap()), bytes.len() as u64).unwrap();
    let small = [
        ("qwen2.block_count", 1),
        ("qwen2.embedding_length", WIDTH),
        ("qwen2.feed_forward_length", WIDE),
        ("qwen2.attention.head_count", 4),
        ("qwen2.attention.head_count_kv", 2),
    ];
    let mut writer = Writer::default();
    for entry in &header.metadata {
        if let Some((key, value)) = small.iter().find(|(key, _)| *key == entry.key) {
            writer.u32(key, u32::try_from(*value).unwrap());
        } else {
            let place = usize::try_from(entry.place.start).unwrap()..usize::try_from(entry.place.end).unwrap();
            writer.raw(&bytes[place]);
        }
    }
    add_weights(&mut writer);
    writer.write(&mut BufWriter::new(File::create(to).unwrap())).unwrap();
    TemplateFamily::detect(&header)
}

fn add_weights(writer: &mut Writer) {
    let rows = |row: &dyn Fn(u32) -> Option<u32>| -> Vec<u8> {
        (0..u32::try_from(VOCABULARY).unwrap()).flat_map(|token| pattern(row(token))).collect()
    };
    let before = |token| SCRIPT.windows(2).find(|pair| pair[1] == token).map(|pair| pair[0]);
    let mut add = |name: &str, dimensions: &[u64], data: Vec<u8>| {
        let kind = if dimensions.len() == 1 { TensorType::F32 } else { TensorType::Q4_0 };
        writer.tensor(TensorData { name: name.to_owned(), dimensions: dimensions.to_vec(), kind, data });
    };
    add("token_embd.weight", &[WIDTH, VOCABULARY], rows(&Some));
    add("output.weight", &[WIDTH, VOCABULARY], rows(&before));
    for name in ["output_norm.weight", "blk.0.attn_norm.weight", "blk.0.ffn_norm.weight"] {
        add(name, &[WIDTH], 1_f32.to_le_bytes().repeat(64));
    }
    for (name, inputs, outputs) in [
        ("attn_q", WIDTH, WIDTH),
        ("attn_k", WIDTH, KEY_WIDTH),
        ("attn_v", WIDTH, KEY_WIDTH),
        ("attn_output", WIDTH, WIDTH),
        ("ffn_gate", WIDTH, WIDE),
        ("ffn_up", WIDTH, WIDE),
        ("ffn_down", WIDE, WIDTH),
    ] {
        let blocks = usize::try_from(inputs * outputs / 32).unwrap();
        add(&format!("blk.0.{name}.weight"), &[inputs, outputs], block([0; 32]).repeat(blocks));
        if ["attn_q", "attn_k", "attn_v"].contains(&name) {
            add(&format!("blk.0.{name}.bias"), &[outputs], vec![0; usize::try_from(outputs).unwrap() * 4]);
        }
    }
}

/// A row of `WIDTH` weights: ±1 in an order that depends on the token, or zeros.
fn pattern(token: Option<u32>) -> Vec<u8> {
    let Some(token) = token else { return block([0; 32]).repeat(2) };
    let mut state = u64::from(token).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if state & 0x1_0000 == 0 { 1 } else { -1 }
    };
    (0..2).flat_map(|_| block(std::array::from_fn(|_| next()))).collect()
}

/// Thirty-two whole numbers from -8 to 7 as a 4-bit block with the scale 1.
fn block(values: [i8; 32]) -> Vec<u8> {
    const ONE: [u8; 2] = [0x00, 0x3C];
    let nibble = |value: i8| u8::try_from(value + 8).unwrap();
    let pairs = (0..16).map(|place| nibble(values[place]) | nibble(values[place + 16]) << 4);
    ONE.into_iter().chain(pairs).collect()
}

fn consultation() -> SpeechRequest {
    SpeechRequest {
        shared_prefix: "You are Mary, a patient. 你是病人。".to_owned(),
        history: vec![("Hello.".to_owned(), "Hello, doctor.".to_owned())],
        prompt: "Does it hurt? 疼吗？".to_owned(),
        fallback: String::new(),
        max_tokens: 40,
        temperature: 0.0,
        seed: 0,
    }
}

/// The same conversation, written out by hand.
const WRITTEN: &str = "<｜begin▁of▁sentence｜>You are Mary, a patient. 你是病人。<｜User｜>Hello.<｜Assistant｜>\
                       Hello, doctor.<｜end▁of▁sentence｜><｜User｜>Does it hurt? 疼吗？<｜Assistant｜>";

/// What the template in the file's metadata makes of it.
fn rendered_by_the_file() -> String {
    let file = weights(HEADER).path;
    let length = file.metadata().unwrap().len();
    let header = Header::read(&mut BufReader::new(File::open(file).unwrap()), length).unwrap();
    let SpeechRequest { shared_prefix, history, prompt, .. } = consultation();
    let (said, answered) = &history[0];
    let messages = context! {
        messages => [
            context! { role => "system", content => shared_prefix },
            context! { role => "user", content => said },
            context! { role => "assistant", content => answered },
            context! { role => "user", content => prompt },
        ],
        bos_token => "<｜begin▁of▁sentence｜>",
        add_generation_prompt => true,
    };
    Environment::new().render_str(header.text("tokenizer.chat_template").unwrap(), messages).unwrap()
}

#[tokio::test]
async fn thinking_is_not_shown_and_the_end_of_the_sentence_ends_the_reply() {
    let (_folder, weights) = scripted_model();
    assert_eq!(weights.template, TemplateFamily::DeepseekR1);
    let engine = started(WorkerOptions { speech: Some(weights), context_tokens: 512, ..options() });

    let (speech, pieces) = speak(&engine, consultation()).await;

    let speech = speech.unwrap();
    assert_eq!(pieces.concat(), "Yes.");
    assert_eq!((speech.text.as_str(), speech.finish), ("Yes.", FinishReason::Stop));
    assert_eq!(speech.timing.spoken_tokens, 5, "two marks, one thought, two spoken; the end is not counted");
    assert_eq!(engine.status().restarts, 0);
}

#[tokio::test]
async fn the_conversation_is_written_as_the_template_in_the_file_writes_it() {
    let (_folder, weights) = scripted_model();
    let backend = LlamaBackend::init().unwrap();
    let model = LlamaModel::load_from_file(&backend, &weights.path, &LlamaModelParams::default()).unwrap();
    let engine = started(WorkerOptions { speech: Some(weights), context_tokens: 512, ..options() });

    let timing = speak(&engine, consultation()).await.0.unwrap().timing;

    assert_eq!(rendered_by_the_file(), WRITTEN);
    let written = format!("{WRITTEN}<think>\n\n</think>\n\n");
    let tokens = model.vocab().tokenize(written.as_bytes(), false, true);
    assert_eq!(timing.prompt_tokens as usize, tokens.len());
    assert_eq!(tokens.last().map(|token| token.0.unsigned_abs()), Some(TWO_LINE_BREAKS));
    let text = |token: u32| model.vocab().token_to_piece(LlamaToken::new(token.cast_signed()), true, None);
    let script: Vec<u8> = SCRIPT.into_iter().flat_map(text).collect();
    assert_eq!(String::from_utf8(script).unwrap(), "\n\n<think>hm</think>Yes.<｜end▁of▁sentence｜>");
}
