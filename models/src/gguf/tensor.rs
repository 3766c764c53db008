//! What a GGUF says about each tensor.

use super::GgufError;

/// Element type: identifier in the file, elements per block, bytes per block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorType {
    /// Identifier in the file.
    pub id: u32,
    /// Elements in one block.
    pub block_elements: u64,
    /// Bytes of one block.
    pub block_bytes: u64,
}

impl TensorType {
    /// 32-bit floats.
    pub const F32: Self = Self::new(0, 1, 4);
    /// 4-bit blocks of 32 with a 16-bit scale.
    pub const Q4_0: Self = Self::new(2, 32, 18);

    /// Every type of ggml that still exists.
    const KNOWN: [Self; 31] = [
        Self::F32,
        Self::new(1, 1, 2),
        Self::Q4_0,
        Self::new(3, 32, 20),
        Self::new(6, 32, 22),
        Self::new(7, 32, 24),
        Self::new(8, 32, 34),
        Self::new(9, 32, 36),
        Self::new(10, 256, 84),
        Self::new(11, 256, 110),
        Self::new(12, 256, 144),
        Self::new(13, 256, 176),
        Self::new(14, 256, 210),
        Self::new(15, 256, 292),
        Self::new(16, 256, 66),
        Self::new(17, 256, 74),
        Self::new(18, 256, 98),
        Self::new(19, 256, 50),
        Self::new(20, 32, 18),
        Self::new(21, 256, 110),
        Self::new(22, 256, 82),
        Self::new(23, 256, 136),
        Self::new(24, 1, 1),
        Self::new(25, 1, 2),
        Self::new(26, 1, 4),
        Self::new(27, 1, 8),
        Self::new(28, 1, 8),
        Self::new(29, 256, 56),
        Self::new(30, 1, 2),
        Self::new(34, 256, 54),
        Self::new(35, 256, 66),
    ];

    const fn new(id: u32, block_elements: u64, block_bytes: u64) -> Self {
        Self { id, block_elements, block_bytes }
    }

    /// The type with this identifier, if it is known.
    pub fn from_id(id: u32) -> Option<Self> {
        const MXFP4: TensorType = TensorType::new(39, 32, 17);
        Self::KNOWN.iter().chain([&MXFP4]).find(|known| known.id == id).copied()
    }

    /// Bytes of a tensor of these dimensions; `None` when the rows are not whole blocks or the
    /// size does not fit 64 bits.
    pub fn bytes(self, dimensions: &[u64]) -> Option<u64> {
        let row = *dimensions.first()?;
        if row % self.block_elements != 0 {
            return None;
        }
        let rows = dimensions[1..].iter().try_fold(1_u64, |product, &size| product.checked_mul(size))?;
        (row / self.block_elements).checked_mul(self.block_bytes)?.checked_mul(rows)
    }
}

/// One tensor's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name, such as `token_embd.weight`.
    pub name: String,
    /// Sizes, fastest-running first.
    pub dimensions: Vec<u64>,
    /// Element type.
    pub kind: TensorType,
    /// Where its data begin, counted from the start of the tensor data.
    pub offset: u64,
    /// Bytes of its data.
    pub bytes: u64,
}

impl TensorInfo {
    /// Checks that the data lie on an aligned place inside a file of `length` bytes.
    pub(super) fn check_place(&self, data_start: u64, alignment: u64, length: u64) -> Result<(), GgufError> {
        let start = data_start.checked_add(self.offset);
        let end = start.and_then(|start| start.checked_add(self.bytes)).unwrap_or(u64::MAX);
        if end > length {
            return Err(GgufError::TensorOutside { name: self.name.clone(), end, length });
        }
        if !self.offset.is_multiple_of(alignment) {
            return Err(GgufError::Malformed {
                what: format!("tensor `{}` is not aligned to {alignment} bytes", self.name),
                at: data_start + self.offset,
            });
        }
        Ok(())
    }
}
