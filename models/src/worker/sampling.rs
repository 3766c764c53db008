//! Which word comes next, and whether a template fits the words.

use llama_cpp_2::{model::LlamaModel, sampling::LlamaSampler};

use crate::{chat::TemplateFamily, engine::SpeechRequest};

/// Words less likely than these never begin; keeps small models from rambling.
const TOP_K: i32 = 40;
const TOP_P: f32 = 0.9;

/// A mark that is not one token of the vocabulary means the template belongs to another model.
pub(super) fn check_marks(model: &LlamaModel, template: TemplateFamily) -> Result<(), String> {
    let vocabulary = model.vocab();
    for mark in template.marks() {
        if vocabulary.tokenize(mark.as_bytes(), false, true).len() != 1 {
            return Err(format!("its vocabulary has no token {mark}: the chat template {template:?} does not fit it"));
        }
    }
    Ok(())
}

/// Chooses words as the request wants: greedily at temperature 0, else by its seed.
pub(super) fn sampler(request: &SpeechRequest) -> LlamaSampler {
    if request.temperature <= 0.0 {
        return LlamaSampler::greedy();
    }
    // Both halves of the seed matter.
    let seed = (request.seed ^ (request.seed >> 32)) & u64::from(u32::MAX);
    LlamaSampler::chain_simple([
        LlamaSampler::top_k(TOP_K),
        LlamaSampler::top_p(TOP_P, 1),
        LlamaSampler::temp(request.temperature),
        LlamaSampler::dist(u32::try_from(seed).unwrap_or_default()),
    ])
}
