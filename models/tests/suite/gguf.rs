//! Files that are not what they claim to be.

use std::io::Cursor;

use models::gguf::{GgufError, Header, MetadataValue, TensorData, TensorType, Writer};
use proptest::prelude::*;

fn sound() -> Vec<u8> {
    let mut writer = Writer::default();
    writer
        .text("general.architecture", "qwen2")
        .u32("qwen2.block_count", 1)
        .f32("qwen2.epsilon", 1e-6)
        .bool("tokenizer.ggml.add_bos_token", true)
        .texts("tokenizer.ggml.tokens", [b"a".as_slice(), b"\xff", "痛".as_bytes()].into_iter())
        .f32s("tokenizer.ggml.scores", [0.0, 1.0, 2.0].into_iter())
        .i32s("tokenizer.ggml.token_type", [1, 2, 3].into_iter())
        .bytes("tokenizer.ggml.precompiled_charsmap", &[1, 2, 3]);
    let tensor = |name: &str| TensorData {
        name: name.to_owned(),
        dimensions: vec![32, 2],
        kind: TensorType::Q4_0,
        data: vec![7; 36],
    };
    writer.tensor(tensor("tensor-a")).tensor(tensor("tensor-b"));
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

fn check(bytes: &[u8]) -> Result<Header, GgufError> {
    let length = bytes.len() as u64;
    let header = Header::read(&mut Cursor::new(bytes), length)?;
    header.check_tensors(length)?;
    Ok(header)
}

fn with(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = sound();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// Replaces the first occurrence of `from`, which must be there.
fn replaced(from: &[u8], to: &[u8]) -> Vec<u8> {
    let file = sound();
    let at = file.windows(from.len()).position(|window| window == from).unwrap();
    with(at, to)
}

#[test]
fn what_was_written_is_read_back() {
    let header = check(&sound()).unwrap();

    assert_eq!(header.text("general.architecture"), Some("qwen2"));
    assert_eq!(header.get("qwen2.block_count"), Some(&MetadataValue::Integer(1)));
    assert_eq!(header.get("tokenizer.ggml.tokens"), Some(&MetadataValue::Array(8, 3)));
    let places: Vec<_> =
        header.tensors.iter().map(|tensor| (tensor.name.as_str(), tensor.offset, tensor.bytes)).collect();
    assert_eq!(places, [("tensor-a", 0, 36), ("tensor-b", 64, 36)]);
}

#[test]
fn each_kind_of_damage_has_its_own_message() {
    let cases = [
        ("empty", Vec::new(), "is truncated"),
        ("another kind", b"PK\x03\x04 a zip archive".to_vec(), "is not a GGUF file"),
        ("version one", with(4, &[1, 0, 0, 0]), "version 1"),
        ("big endian", with(4, &[0, 0, 0, 3]), "big-endian"),
        ("absurd tensor count", with(8, &[0xFF; 8]), "the number of tensors"),
        ("absurd entry count", with(16, &[0xFF; 8]), "the number of metadata entries"),
        ("absurd key length", with(24, &[0xFF; 8]), "a metadata key"),
        ("unknown metadata type", with(24 + 8 + 20, &[99, 0, 0, 0]), "metadata type 99 is unknown"),
        ("absurd text length", with(24 + 8 + 20 + 4, &[0xFF; 8]), "a metadata text"),
        (
            "absurd array",
            replaced(
                &[8, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0],
                &[8, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            ),
            "a metadata array",
        ),
        ("nested array", replaced(&[8, 0, 0, 0, 3, 0, 0, 0], &[9, 0, 0, 0, 3, 0, 0, 0]), "metadata array of type 9"),
        ("key twice", replaced(b"ggml.scores", b"ggml.tokens"), "`tokenizer.ggml.tokens` appears twice"),
        ("key not utf8", replaced(b"qwen2.epsilon", b"qwen2.\xff\xfeilon"), "not UTF-8"),
        ("tensor twice", replaced(b"tensor-b", b"tensor-a"), "`tensor-a` appears twice"),
        (
            "rows not whole blocks",
            replaced(&[2, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0], &[2, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0]),
            "impossible dimensions",
        ),
        (
            "no elements",
            replaced(&[2, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0], &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            "impossible dimensions",
        ),
        ("too many dimensions", replaced(&[2, 0, 0, 0, 32, 0, 0, 0], &[5, 0, 0, 0, 32, 0, 0, 0]), "dimensions"),
    ];
    for (case, file, expected) in cases {
        let message = check(&file).unwrap_err().to_string();
        assert!(message.contains(expected), "{case}: {message}");
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let file = sound();
    // The padding behind the last tensor is not needed.
    let needed = file.len() - (64 - 36);
    for length in 0..needed {
        let error = check(&file[..length]).unwrap_err().to_string();
        assert!(error.contains("truncated"), "cut at {length}: {error}");
    }
    assert!(check(&file[..needed]).is_ok());
}

#[test]
fn a_tensor_outside_the_file_is_named() {
    let file = sound();
    let error = check(&file[..file.len() - 40]).unwrap_err().to_string();
    assert!(error.contains("tensor `tensor-b`"), "{error}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = check(&bytes);
    }

    #[test]
    fn no_damage_to_a_sound_file_makes_it_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = sound();
        for (place, value) in changes {
            let place = place.index(file.len());
            file[place] = value;
        }
        file.truncate(cut.index(file.len()) + 1);
        let _ = check(&file);
    }
}
