//! The layout of `e5-small-q4.bin`: little-endian, unaligned.

use std::collections::HashMap;

use super::ConversionError;

const MAGIC: &[u8] = b"E5S1";

/// Sizes of the network.
pub(super) struct Shape {
    pub embedding: u32,
    pub layers: u32,
    pub heads: u32,
    pub feed_forward: u32,
    pub positions: u32,
    pub epsilon: f32,
}

/// The pieces with a fixed role.
pub(super) struct SpecialPieces {
    pub begin: usize,
    pub end: usize,
    pub padding: usize,
    pub unknown: usize,
}

/// A codepoint and the text it is replaced by; empty removes it.
pub(super) type Normalisation = Vec<(char, String)>;

/// The parsed file; tensors stay where they are.
pub(super) struct Source<'a> {
    pub shape: Shape,
    pub special: SpecialPieces,
    pub pieces: Vec<&'a [u8]>,
    pub scores: Vec<f32>,
    pub normalisation: Normalisation,
    tensors: HashMap<&'a str, &'a [u8]>,
}

impl<'a> Source<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ConversionError> {
        let mut cursor = Cursor { bytes, at: 0 };
        if cursor.take(4)? != MAGIC || cursor.u32()? != 1 {
            return Err(cursor.error("it is not a packed e5 model of version 1"));
        }
        let [embedding, layers, heads, feed_forward, _rows, positions, _types] = cursor.u32s()?;
        let epsilon = f32::from_bits(cursor.u32()?);
        if cursor.u32()? != 32 {
            return Err(cursor.error("the blocks do not hold 32 weights"));
        }
        let [count, begin, end, padding, unknown] = cursor.u32s()?.map(|value| value as usize);
        let special = SpecialPieces { begin, end, padding, unknown };
        let (pieces, scores) = cursor.pieces(count)?;
        let normalisation = cursor.normalisation()?;
        let tensors = cursor.tensors()?;
        let shape = Shape { embedding, layers, heads, feed_forward, positions, epsilon };
        Ok(Self { shape, special, pieces, scores, normalisation, tensors })
    }

    /// The bytes of the tensor called `name`, which must be `expected` long.
    pub(super) fn tensor(&self, name: &str, expected: usize) -> Result<&'a [u8], ConversionError> {
        let missing = || ConversionError::Tensor(name.to_owned());
        self.tensors.get(name).and_then(|bytes| bytes.get(..expected)).ok_or_else(missing)
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn error(&self, what: &'static str) -> ConversionError {
        ConversionError::Source { what, at: self.at }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ConversionError> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).ok_or_else(|| self.error("it ends early"))?;
        self.at += count;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], ConversionError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn u32(&mut self) -> Result<u32, ConversionError> {
        Ok(u32::from_le_bytes(self.fixed()?))
    }

    fn u32s<const N: usize>(&mut self) -> Result<[u32; N], ConversionError> {
        let mut values = [0; N];
        for value in &mut values {
            *value = self.u32()?;
        }
        Ok(values)
    }

    fn size(&mut self) -> Result<usize, ConversionError> {
        let value = u64::from_le_bytes(self.fixed()?);
        usize::try_from(value).map_err(|_| self.error("a size does not fit this machine"))
    }

    fn words(&mut self, count: usize) -> Result<impl Iterator<Item = [u8; 4]> + use<'a>, ConversionError> {
        let length = count.checked_mul(4).ok_or_else(|| self.error("a count is absurd"))?;
        Ok(self.take(length)?.as_chunks::<4>().0.iter().copied())
    }

    fn pieces(&mut self, count: usize) -> Result<(Vec<&'a [u8]>, Vec<f32>), ConversionError> {
        let text_length = self.size()?;
        let offsets: Vec<usize> = self.words(count + 1)?.map(|word| u32::from_le_bytes(word) as usize).collect();
        let scores = self.words(count)?.map(f32::from_le_bytes).collect();
        let text = self.take(text_length)?;
        let pieces = offsets.windows(2).map(|pair| text.get(pair[0]..pair[1])).collect::<Option<_>>();
        Ok((pieces.ok_or_else(|| self.error("a piece lies outside the vocabulary"))?, scores))
    }

    fn normalisation(&mut self) -> Result<Normalisation, ConversionError> {
        let count = self.u32()?;
        let _bytes = self.u32()?;
        (0..count)
            .map(|_| {
                let from = self.character()?;
                let [length] = self.fixed()?;
                let to = (0..length).map(|_| self.character()).collect::<Result<_, _>>()?;
                Ok((from, to))
            })
            .collect()
    }

    fn character(&mut self) -> Result<char, ConversionError> {
        char::from_u32(self.u32()?).ok_or_else(|| self.error("a codepoint is not a character"))
    }

    fn tensors(&mut self) -> Result<HashMap<&'a str, &'a [u8]>, ConversionError> {
        let count = self.u32()?;
        (0..count)
            .map(|_| {
                let length = u16::from_le_bytes(self.fixed()?);
                let name = self.take(usize::from(length))?;
                let name = str::from_utf8(name).map_err(|_| self.error("a tensor's name is not UTF-8"))?;
                let [_kind] = self.fixed()?;
                let _elements = self.u32()?;
                let (start, size) = (self.size()?, self.size()?);
                let end = start.checked_add(size);
                let data = end.and_then(|end| self.bytes.get(start..end));
                Ok((name, data.ok_or_else(|| self.error("a tensor lies outside the file"))?))
            })
            .collect()
    }
}
