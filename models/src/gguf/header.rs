//! Reading the head of a GGUF: metadata and tensor descriptions.

use std::{
    collections::HashSet,
    io::{BufRead, Read, copy, sink},
    ops::Range,
};

use super::{GgufError, MAGIC, TensorInfo, TensorType};

/// Far above any real model: the largest have some thousands of tensors.
const MOST_TENSORS: u64 = 1 << 16;
const MOST_ENTRIES: u64 = 1 << 16;
/// The format's own limit for keys.
const LONGEST_KEY: u64 = 65_535;
/// Chat templates, the longest strings, stay below some hundred kilobytes.
const LONGEST_STRING: u64 = 16 << 20;
const MOST_DIMENSIONS: u64 = 4;
const LARGEST_ALIGNMENT: u64 = 1 << 16;
const DEFAULT_ALIGNMENT: u64 = 32;

/// One value of the metadata. Arrays are checked and skipped; only their shape is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataValue {
    /// Any integer type.
    Integer(i128),
    /// 32- or 64-bit.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Text.
    Text(String),
    /// Element type identifier and length.
    Array(u32, u64),
}

/// One entry of the metadata.
#[derive(Clone, Debug)]
pub struct MetadataEntry {
    /// Its key, such as `general.architecture`.
    pub key: String,
    /// Its value.
    pub value: MetadataValue,
    /// Where the whole entry (key, type, value) lies in the file, in bytes.
    pub place: Range<u64>,
}

/// Everything before the tensor data.
#[derive(Clone, Debug)]
pub struct Header {
    /// Format version.
    pub version: u32,
    /// In the order of the file.
    pub metadata: Vec<MetadataEntry>,
    /// In the order of the file.
    pub tensors: Vec<TensorInfo>,
    /// Where the tensor data begin, in bytes from the start of the file.
    pub data_start: u64,
    /// Tensor data begin at multiples of this many bytes.
    pub alignment: u64,
}

impl Header {
    /// Reads a header from the start of a source that is `length` bytes long. Where the tensor
    /// data lie is checked by [`Header::check_tensors`].
    pub fn read<R: BufRead>(source: &mut R, length: u64) -> Result<Self, GgufError> {
        let mut reader = Reader { source, at: 0, length };
        let found = reader.array::<4>("the magic")?;
        if found != MAGIC {
            return Err(GgufError::Magic { found });
        }
        let version = reader.u32("the version")?;
        if !(2..=3).contains(&version) {
            return Err(GgufError::Version(version));
        }
        let tensor_count = reader.bounded("the number of tensors", MOST_TENSORS)?;
        let entry_count = reader.bounded("the number of metadata entries", MOST_ENTRIES)?;
        let metadata = (0..entry_count).map(|_| reader.entry()).collect::<Result<Vec<_>, _>>()?;
        check_unique("metadata key", metadata.iter().map(|entry| (&entry.key, entry.place.start)))?;
        let alignment = alignment(&metadata)?;
        let tensors_at = reader.at;
        let tensors = (0..tensor_count).map(|_| reader.tensor()).collect::<Result<Vec<_>, _>>()?;
        check_unique("tensor name", tensors.iter().map(|tensor| (&tensor.name, tensors_at)))?;
        let data_start = reader.at.next_multiple_of(alignment);
        Ok(Self { version, metadata, tensors, data_start, alignment })
    }

    /// Checks that every tensor's data lie inside a file of `length` bytes.
    pub fn check_tensors(&self, length: u64) -> Result<(), GgufError> {
        self.tensors.iter().try_for_each(|tensor| tensor.check_place(self.data_start, self.alignment, length))
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&MetadataValue> {
        self.metadata.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The text under `key`, if it is text.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            MetadataValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn check_unique<'a>(what: &str, names: impl Iterator<Item = (&'a String, u64)>) -> Result<(), GgufError> {
    let mut seen = HashSet::new();
    for (name, at) in names {
        if !seen.insert(name) {
            return Err(GgufError::Malformed { what: format!("{what} `{name}` appears twice"), at });
        }
    }
    Ok(())
}

fn alignment(metadata: &[MetadataEntry]) -> Result<u64, GgufError> {
    let Some(entry) = metadata.iter().find(|entry| entry.key == "general.alignment") else {
        return Ok(DEFAULT_ALIGNMENT);
    };
    match entry.value {
        MetadataValue::Integer(value) => {
            u64::try_from(value).ok().filter(|value| value.is_power_of_two() && *value <= LARGEST_ALIGNMENT)
        }
        _ => None,
    }
    .ok_or_else(|| GgufError::Malformed {
        what: "general.alignment is not a power of two up to 65536".to_owned(),
        at: entry.place.start,
    })
}

struct Reader<'a, R> {
    source: &'a mut R,
    at: u64,
    length: u64,
}

impl<R: BufRead> Reader<'_, R> {
    /// Refuses to read past the end before anything is allocated for it.
    fn claim(&self, what: &'static str, needed: u64) -> Result<(), GgufError> {
        let left = self.length.saturating_sub(self.at);
        if needed > left {
            return Err(GgufError::Truncated { what, at: self.at, needed, left });
        }
        Ok(())
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], GgufError> {
        self.claim(what, N as u64)?;
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes)?;
        self.at += N as u64;
        Ok(bytes)
    }

    fn u32(&mut self, what: &'static str) -> Result<u32, GgufError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    fn u64(&mut self, what: &'static str) -> Result<u64, GgufError> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    fn bounded(&mut self, what: &'static str, limit: u64) -> Result<u64, GgufError> {
        let at = self.at;
        let value = self.u64(what)?;
        if value > limit {
            return Err(GgufError::Absurd { what, at, value, limit });
        }
        Ok(value)
    }

    fn skip(&mut self, what: &'static str, bytes: u64) -> Result<(), GgufError> {
        self.claim(what, bytes)?;
        let skipped = copy(&mut Read::take(&mut *self.source, bytes), &mut sink())?;
        self.at += skipped;
        if skipped < bytes {
            return Err(GgufError::Truncated { what, at: self.at, needed: bytes - skipped, left: 0 });
        }
        Ok(())
    }

    fn text(&mut self, what: &'static str, limit: u64) -> Result<String, GgufError> {
        let at = self.at;
        let length = self.bounded(what, limit)?;
        self.claim(what, length)?;
        // Bounded by `limit` above, so it fits any address space this program runs in.
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.source.read_exact(&mut bytes)?;
        self.at += length;
        String::from_utf8(bytes).map_err(|_| GgufError::Malformed { what: format!("{what} is not UTF-8"), at })
    }

    fn entry(&mut self) -> Result<MetadataEntry, GgufError> {
        let start = self.at;
        let key = self.text("a metadata key", LONGEST_KEY)?;
        let kind_at = self.at;
        let kind = self.u32("a metadata type")?;
        let value = self.value(kind, kind_at)?;
        Ok(MetadataEntry { key, value, place: start..self.at })
    }

    fn value(&mut self, kind: u32, at: u64) -> Result<MetadataValue, GgufError> {
        const WHAT: &str = "a metadata value";
        Ok(match kind {
            0 => MetadataValue::Integer(u8::from_le_bytes(self.array(WHAT)?).into()),
            1 => MetadataValue::Integer(i8::from_le_bytes(self.array(WHAT)?).into()),
            2 => MetadataValue::Integer(u16::from_le_bytes(self.array(WHAT)?).into()),
            3 => MetadataValue::Integer(i16::from_le_bytes(self.array(WHAT)?).into()),
            4 => MetadataValue::Integer(self.u32(WHAT)?.into()),
            5 => MetadataValue::Integer(i32::from_le_bytes(self.array(WHAT)?).into()),
            6 => MetadataValue::Float(f32::from_le_bytes(self.array(WHAT)?).into()),
            7 => match self.array(WHAT)? {
                [0] => MetadataValue::Bool(false),
                [1] => MetadataValue::Bool(true),
                [other] => {
                    return Err(GgufError::Malformed { what: format!("a truth value is {other}"), at: self.at });
                }
            },
            8 => MetadataValue::Text(self.text("a metadata text", LONGEST_STRING)?),
            9 => self.array_value()?,
            10 => MetadataValue::Integer(self.u64(WHAT)?.into()),
            11 => MetadataValue::Integer(i64::from_le_bytes(self.array(WHAT)?).into()),
            12 => MetadataValue::Float(f64::from_le_bytes(self.array(WHAT)?)),
            other => return Err(GgufError::Malformed { what: format!("metadata type {other} is unknown"), at }),
        })
    }

    fn array_value(&mut self) -> Result<MetadataValue, GgufError> {
        const WHAT: &str = "a metadata array";
        let at = self.at;
        let kind = self.u32(WHAT)?;
        let count = self.u64(WHAT)?;
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            // A text needs its length at least.
            8 | 10..=12 => 8,
            other => {
                return Err(GgufError::Malformed { what: format!("metadata array of type {other}"), at });
            }
        };
        let bytes = count.saturating_mul(width);
        self.claim(WHAT, bytes)?;
        if kind == 8 {
            for _ in 0..count {
                let length = self.bounded("a text in a metadata array", LONGEST_STRING)?;
                self.skip("a text in a metadata array", length)?;
            }
        } else {
            self.skip(WHAT, bytes)?;
        }
        Ok(MetadataValue::Array(kind, count))
    }

    fn tensor(&mut self) -> Result<TensorInfo, GgufError> {
        let at = self.at;
        let name = self.text("a tensor's name", LONGEST_KEY)?;
        let count = u64::from(self.u32("a tensor's dimensions")?);
        if !(1..=MOST_DIMENSIONS).contains(&count) {
            return Err(GgufError::Absurd { what: "a tensor's dimensions", at, value: count, limit: MOST_DIMENSIONS });
        }
        let dimensions =
            (0..count).map(|_| self.bounded("a tensor's size", i64::MAX as u64)).collect::<Result<Vec<_>, _>>()?;
        let kind_id = self.u32("a tensor's type")?;
        let offset = self.u64("a tensor's offset")?;
        let malformed = |what: String| GgufError::Malformed { what, at };
        let kind = TensorType::from_id(kind_id)
            .ok_or_else(|| malformed(format!("tensor `{name}` has the unknown type {kind_id}")))?;
        let bytes = kind
            .bytes(&dimensions)
            .filter(|&bytes| bytes > 0)
            .ok_or_else(|| malformed(format!("tensor `{name}` has the impossible dimensions {dimensions:?}")))?;
        Ok(TensorInfo { name, dimensions, kind, offset, bytes })
    }
}
