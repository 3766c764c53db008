//! Writing a GGUF, version 3.

use std::io::{self, Write};

use super::{MAGIC, TensorType};

const ALIGNMENT: usize = 32;

/// One tensor to be written.
pub struct TensorData {
    /// Its name.
    pub name: String,
    /// Sizes, fastest-running first.
    pub dimensions: Vec<u64>,
    /// Element type.
    pub kind: TensorType,
    /// Its data, exactly as many bytes as type and dimensions say.
    pub data: Vec<u8>,
}

/// Collects metadata and tensors, then writes the file. Same input, same bytes.
#[derive(Default)]
pub struct Writer {
    metadata: Vec<u8>,
    entries: u64,
    tensors: Vec<TensorData>,
}

impl Writer {
    /// Adds entries that are already encoded, copied from another file.
    pub fn raw(&mut self, entry: &[u8]) -> &mut Self {
        self.metadata.extend_from_slice(entry);
        self.entries += 1;
        self
    }

    /// Adds a text.
    pub fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.key(key, 8);
        push_text(&mut self.metadata, value.as_bytes());
        self
    }

    /// Adds a 32-bit unsigned number.
    pub fn u32(&mut self, key: &str, value: u32) -> &mut Self {
        self.key(key, 4).extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Adds a 32-bit float.
    pub fn f32(&mut self, key: &str, value: f32) -> &mut Self {
        self.key(key, 6).extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Adds a truth value.
    pub fn bool(&mut self, key: &str, value: bool) -> &mut Self {
        self.key(key, 7).push(u8::from(value));
        self
    }

    /// Adds an array of texts, given as bytes because vocabularies hold partial characters.
    pub fn texts<'a>(&mut self, key: &str, values: impl ExactSizeIterator<Item = &'a [u8]>) -> &mut Self {
        self.array(key, 8, values.len());
        for value in values {
            push_text(&mut self.metadata, value);
        }
        self
    }

    /// Adds an array of 32-bit floats.
    pub fn f32s(&mut self, key: &str, values: impl ExactSizeIterator<Item = f32>) -> &mut Self {
        self.array(key, 6, values.len());
        values.for_each(|value| self.metadata.extend_from_slice(&value.to_le_bytes()));
        self
    }

    /// Adds an array of 32-bit integers.
    pub fn i32s(&mut self, key: &str, values: impl ExactSizeIterator<Item = i32>) -> &mut Self {
        self.array(key, 5, values.len());
        values.for_each(|value| self.metadata.extend_from_slice(&value.to_le_bytes()));
        self
    }

    /// Adds an array of bytes.
    pub fn bytes(&mut self, key: &str, values: &[u8]) -> &mut Self {
        self.array(key, 0, values.len());
        self.metadata.extend_from_slice(values);
        self
    }

    /// Adds a tensor.
    pub fn tensor(&mut self, tensor: TensorData) -> &mut Self {
        self.tensors.push(tensor);
        self
    }

    /// Writes the whole file.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let mut head = Vec::from(MAGIC);
        head.extend_from_slice(&3_u32.to_le_bytes());
        head.extend_from_slice(&(self.tensors.len() as u64).to_le_bytes());
        head.extend_from_slice(&self.entries.to_le_bytes());
        head.extend_from_slice(&self.metadata);
        let mut offset = 0_u64;
        for tensor in &self.tensors {
            push_text(&mut head, tensor.name.as_bytes());
            head.extend_from_slice(&u32::try_from(tensor.dimensions.len()).unwrap_or(u32::MAX).to_le_bytes());
            tensor.dimensions.iter().for_each(|size| head.extend_from_slice(&size.to_le_bytes()));
            head.extend_from_slice(&tensor.kind.id.to_le_bytes());
            head.extend_from_slice(&offset.to_le_bytes());
            offset += tensor.data.len().next_multiple_of(ALIGNMENT) as u64;
        }
        pad(&mut head);
        output.write_all(&head)?;
        for tensor in &self.tensors {
            output.write_all(&tensor.data)?;
            let padding = tensor.data.len().next_multiple_of(ALIGNMENT) - tensor.data.len();
            output.write_all(&[0; ALIGNMENT][..padding])?;
        }
        Ok(())
    }

    fn key(&mut self, key: &str, kind: u32) -> &mut Vec<u8> {
        self.entries += 1;
        push_text(&mut self.metadata, key.as_bytes());
        self.metadata.extend_from_slice(&kind.to_le_bytes());
        &mut self.metadata
    }

    fn array(&mut self, key: &str, kind: u32, length: usize) {
        let metadata = self.key(key, 9);
        metadata.extend_from_slice(&kind.to_le_bytes());
        metadata.extend_from_slice(&(length as u64).to_le_bytes());
    }
}

fn push_text(to: &mut Vec<u8>, text: &[u8]) {
    to.extend_from_slice(&(text.len() as u64).to_le_bytes());
    to.extend_from_slice(text);
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
}
