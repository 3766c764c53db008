//! The character table of the tokenizer: full-width forms to ASCII, odd spaces to spaces, and so on.
//!
//! llama.cpp expects it as `SentencePiece` stores it: the byte length of a double-array trie
//! (darts-clone layout), the trie, then the replacements, each ended by a zero byte. The trie maps
//! the UTF-8 of a character to the offset of its replacement.

use yada::{DoubleArray, builder::DoubleArrayBuilder};

use super::{ConversionError, source::Normalisation};

/// llama.cpp refuses a lookup that leaves the array; a lookup reaches at most this many units
/// further than its block.
const BLOCK_BYTES: usize = 256 * 4;

/// Builds the table and looks every character up in it.
pub(super) fn build(normalisation: &Normalisation) -> Result<Vec<u8>, ConversionError> {
    let mut replacements = Vec::new();
    let mut keys = Vec::new();
    for (from, to) in normalisation {
        if *from == '\0' {
            continue; // a zero byte ends a lookup, so it can never be found
        }
        let offset = u32::try_from(replacements.len()).map_err(|error| failure(&error))?;
        keys.push((from.to_string().into_bytes(), offset));
        replacements.extend_from_slice(to.as_bytes());
        replacements.push(0);
    }
    keys.sort();
    let trie = DoubleArrayBuilder::build(&keys).map_err(|error| failure(&error))?;
    check(&trie, &replacements, normalisation)?;
    let length = u32::try_from(trie.len()).map_err(|error| failure(&error))?;
    Ok([length.to_le_bytes().as_slice(), &trie, &replacements].concat())
}

fn check(trie: &[u8], replacements: &[u8], normalisation: &Normalisation) -> Result<(), ConversionError> {
    if !trie.len().is_multiple_of(BLOCK_BYTES) {
        return Err(failure(&"the trie is not whole blocks"));
    }
    let expected: std::collections::HashMap<char, &str> =
        normalisation.iter().map(|(from, to)| (*from, to.as_str())).collect();
    let lookup = DoubleArray::new(trie).map_err(|error| failure(&error))?;
    for character in '\u{1}'..='\u{10FFFF}' {
        let found = lookup
            .exact_match_search(character.to_string())
            .map(|offset| replacements[offset as usize..].split(|byte| *byte == 0).next().unwrap_or_default());
        if found != expected.get(&character).map(|text| text.as_bytes()) {
            return Err(failure(&format!("U+{:04X} maps to {found:02x?}", u32::from(character))));
        }
    }
    Ok(())
}

fn failure(reason: &impl ToString) -> ConversionError {
    ConversionError::Charsmap(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_maps_as_given_and_the_table_has_the_documented_layout() {
        let normalisation = vec![('？', "?".to_owned()), ('…', "...".to_owned()), ('\u{200B}', String::new())];

        let table = build(&normalisation).unwrap();

        let length = u32::from_le_bytes(table[..4].try_into().unwrap()) as usize;
        assert_eq!(&table[4 + length..], b"?\0...\0\0");
    }
}
