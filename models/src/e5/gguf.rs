//! Metadata and tensors of the converted model, under llama.cpp's names.

use super::{ConversionError, source::Source};
use crate::gguf::{TensorData, TensorType, Writer};

const NORMAL: i32 = 1;
const UNKNOWN: i32 = 2;
const CONTROL: i32 = 3;
const MEAN_POOLING: u32 = 1;
const MOSTLY_Q4_0: u32 = 2;

pub(super) fn writer(source: &Source<'_>, kept: &[usize], charsmap: &[u8]) -> Result<Writer, ConversionError> {
    let mut writer = Writer::default();
    describe_network(&mut writer, source);
    describe_tokenizer(&mut writer, source, kept, charsmap)?;
    embeddings(&mut writer, source, kept)?;
    for layer in 0..source.shape.layers {
        block(&mut writer, source, layer)?;
    }
    Ok(writer)
}

fn describe_network(writer: &mut Writer, source: &Source<'_>) {
    let shape = &source.shape;
    writer
        .text("general.architecture", "bert")
        .text("general.name", "multilingual-e5-small")
        .text("general.license", "mit")
        .u32("bert.block_count", shape.layers)
        .u32("bert.context_length", shape.positions)
        .u32("bert.embedding_length", shape.embedding)
        .u32("bert.feed_forward_length", shape.feed_forward)
        .u32("bert.attention.head_count", shape.heads)
        .f32("bert.attention.layer_norm_epsilon", shape.epsilon)
        .bool("bert.attention.causal", false)
        .u32("bert.pooling_type", MEAN_POOLING)
        .u32("general.file_type", MOSTLY_Q4_0)
        .u32("general.quantization_version", 2);
}

fn describe_tokenizer(
    writer: &mut Writer,
    source: &Source<'_>,
    kept: &[usize],
    charsmap: &[u8],
) -> Result<(), ConversionError> {
    let special = &source.special;
    let mask = source.pieces.len() - 1;
    let kind = |index: usize| match index {
        _ if index == special.unknown => UNKNOWN,
        _ if [special.begin, special.end, special.padding, mask].contains(&index) => CONTROL,
        _ => NORMAL,
    };
    let renumbered = |index: usize| {
        let place = kept.binary_search(&index).ok().and_then(|place| u32::try_from(place).ok());
        place.ok_or_else(|| ConversionError::Tensor(format!("special piece {index}")))
    };
    writer
        .text("tokenizer.ggml.model", "t5")
        .text("tokenizer.ggml.pre", "default")
        .texts("tokenizer.ggml.tokens", kept.iter().map(|&index| source.pieces[index]))
        .f32s("tokenizer.ggml.scores", kept.iter().map(|&index| source.scores[index]))
        .i32s("tokenizer.ggml.token_type", kept.iter().map(|&index| kind(index)))
        .u32("tokenizer.ggml.token_type_count", 2)
        .bool("tokenizer.ggml.add_space_prefix", true)
        .bool("tokenizer.ggml.remove_extra_whitespaces", true)
        .bytes("tokenizer.ggml.precompiled_charsmap", charsmap)
        .u32("tokenizer.ggml.bos_token_id", renumbered(special.begin)?)
        .u32("tokenizer.ggml.eos_token_id", renumbered(special.end)?)
        .u32("tokenizer.ggml.unknown_token_id", renumbered(special.unknown)?)
        .u32("tokenizer.ggml.seperator_token_id", renumbered(special.end)?) // llama.cpp's own spelling
        .u32("tokenizer.ggml.padding_token_id", renumbered(special.padding)?)
        .u32("tokenizer.ggml.mask_token_id", renumbered(mask)?)
        .bool("tokenizer.ggml.add_bos_token", true)
        .bool("tokenizer.ggml.add_eos_token", true);
    Ok(())
}

fn embeddings(writer: &mut Writer, source: &Source<'_>, kept: &[usize]) -> Result<(), ConversionError> {
    let width = u64::from(source.shape.embedding);
    let row = size(TensorType::Q4_0, &[width]);
    let all = source.tensor("emb.word", row * source.pieces.len())?;
    let data = kept.iter().flat_map(|&index| &all[index * row..(index + 1) * row]).copied().collect();
    let dimensions = vec![width, kept.len() as u64];
    writer.tensor(TensorData { name: "token_embd.weight".to_owned(), dimensions, kind: TensorType::Q4_0, data });
    let plain = |name: &str, from: &str, dimensions: &[u64]| copied(source, name, from, TensorType::F32, dimensions);
    writer
        .tensor(plain("position_embd.weight", "emb.pos", &[width, source.shape.positions.into()])?)
        .tensor(plain("token_types.weight", "emb.type", &[width, 2])?)
        .tensor(plain("token_embd_norm.weight", "emb.ln.w", &[width])?)
        .tensor(plain("token_embd_norm.bias", "emb.ln.b", &[width])?);
    Ok(())
}

fn block(writer: &mut Writer, source: &Source<'_>, layer: u32) -> Result<(), ConversionError> {
    let width = u64::from(source.shape.embedding);
    let wide = u64::from(source.shape.feed_forward);
    let products = [
        ("attn_q", "q", width, width),
        ("attn_k", "k", width, width),
        ("attn_v", "v", width, width),
        ("attn_output", "ao", width, width),
        ("ffn_up", "fi", width, wide),
        ("ffn_down", "fo", wide, width),
    ];
    for (name, from, inputs, outputs) in products {
        let (name, from) = (format!("blk.{layer}.{name}"), format!("l{layer}.{from}"));
        let weight = (format!("{name}.weight"), format!("{from}.w"));
        let bias = (format!("{name}.bias"), format!("{from}.b"));
        writer.tensor(copied(source, &weight.0, &weight.1, TensorType::Q4_0, &[inputs, outputs])?).tensor(copied(
            source,
            &bias.0,
            &bias.1,
            TensorType::F32,
            &[outputs],
        )?);
    }
    for (name, from) in [("attn_output_norm", "aln"), ("layer_output_norm", "oln")] {
        for (part, from_part) in [("weight", "w"), ("bias", "b")] {
            let (name, from) = (format!("blk.{layer}.{name}.{part}"), format!("l{layer}.{from}.{from_part}"));
            writer.tensor(copied(source, &name, &from, TensorType::F32, &[width])?);
        }
    }
    Ok(())
}

fn copied(
    source: &Source<'_>,
    name: &str,
    from: &str,
    kind: TensorType,
    dimensions: &[u64],
) -> Result<TensorData, ConversionError> {
    let data = source.tensor(from, size(kind, dimensions))?.to_vec();
    Ok(TensorData { name: name.to_owned(), dimensions: dimensions.to_vec(), kind, data })
}

fn size(kind: TensorType, dimensions: &[u64]) -> usize {
    kind.bytes(dimensions).and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(usize::MAX)
}
