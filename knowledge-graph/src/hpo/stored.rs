//! The layer as one file: a mark, the version of the form, SHA-256 of the rest, then the parts in
//! order, all numbers little-endian.

use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{
    Catalogue, Frequency, FrequencyClass, RareId, RareLayer, Release,
    build::inverted,
    layer::{Groups, RowRecord, Texts},
};

const MARK: &[u8; 8] = b"ANAM-HPO";
/// Raised whenever the parts change; another version is imported anew.
const VERSION: u32 = 1;
const HASH: usize = 32;

/// Why a stored layer cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StoredError {
    /// Some other file.
    #[error("this is no file of rare diseases; import them again")]
    Foreign,
    /// Written by another version of the program.
    #[error("the rare diseases were stored by another version of this program; import them again")]
    OtherVersion,
    /// Cut short or changed.
    #[error("the file of rare diseases is damaged; import them again")]
    Damaged,
}

impl RareLayer {
    /// The layer as a file's content.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        out.text(&self.release.ontology);
        out.text(&self.release.annotations);
        out.text(&self.texts.all);
        out.list(&self.texts.ends, |out, end| out.u32(*end));
        out.list(&self.terms, |out, id| out.u32(*id));
        out.list(&self.names, |out, text| out.u32(*text));
        out.list(&self.chinese, |out, text| out.u32(*text));
        out.groups(&self.synonyms, |out, (kind, text)| {
            out.u8(*kind);
            out.u32(*text);
        });
        out.groups(&self.parents, |out, at| out.u16(*at));
        out.list(&self.former, |out, (id, at)| {
            out.u32(*id);
            out.u16(*at);
        });
        out.list(&self.diseases, |out, id| {
            out.u8(id.catalogue as u8);
            out.u32(id.number);
        });
        out.groups(&self.disease_names, |out, text| out.u32(*text));
        out.list(&self.frequencies, |out, frequency| out.frequency(*frequency));
        out.groups(&self.rows, |out, row| out.row(*row));
        let body = out.0;
        let mut file = Vec::with_capacity(body.len() + MARK.len() + 4 + HASH);
        file.extend_from_slice(MARK);
        file.extend_from_slice(&VERSION.to_le_bytes());
        file.extend_from_slice(&Sha256::digest(&body));
        file.extend_from_slice(&body);
        file
    }

    /// The layer from a file's content. What is not whole is refused.
    pub fn from_bytes(file: &[u8]) -> Result<Self, StoredError> {
        let rest = file.strip_prefix(MARK).ok_or(StoredError::Foreign)?;
        let (version, rest) = rest.split_at_checked(4).ok_or(StoredError::Damaged)?;
        if version != VERSION.to_le_bytes() {
            return Err(StoredError::OtherVersion);
        }
        let (hash, body) = rest.split_at_checked(HASH).ok_or(StoredError::Damaged)?;
        if Sha256::digest(body).as_slice() != hash {
            return Err(StoredError::Damaged);
        }
        let layer = read(&mut Reader(body)).filter(sound);
        layer.ok_or(StoredError::Damaged)
    }
}

fn read(from: &mut Reader<'_>) -> Option<RareLayer> {
    let release = Release { ontology: from.text()?, annotations: from.text()? };
    let texts = Texts { all: from.text()?, ends: from.list(Reader::u32)? };
    let terms = from.list(Reader::u32)?;
    let names = from.list(Reader::u32)?;
    let chinese = from.list(Reader::u32)?;
    let synonyms = from.groups(|from| Some((from.u8()?, from.u32()?)))?;
    let parents = from.groups(Reader::u16)?;
    if parents.values.iter().any(|at| usize::from(*at) >= parents.ends.len()) {
        return None;
    }
    let lists: Vec<Vec<u16>> = (0..parents.ends.len()).map(|at| parents.of(at).to_vec()).collect();
    Some(RareLayer {
        release,
        texts,
        terms,
        names,
        chinese,
        synonyms,
        children: inverted(&lists),
        parents,
        former: from.list(|from| Some((from.u32()?, from.u16()?)))?,
        diseases: from.list(|from| {
            let catalogue = *Catalogue::ALL.get(usize::from(from.u8()?))?;
            Some(RareId { catalogue, number: from.u32()? })
        })?,
        disease_names: from.groups(Reader::u32)?,
        frequencies: from.list(Reader::frequency)?,
        rows: from.groups(Reader::row)?,
        profiles: OnceLock::new(),
        namesakes: OnceLock::new(),
    })
}

/// Whether every place that is named exists: a file with a right hash but a wrong writer must not
/// bring a server down.
fn sound(layer: &RareLayer) -> bool {
    let (terms, texts, diseases) = (layer.terms.len(), layer.texts.ends.len(), layer.diseases.len());
    let text = |at: &u32| (*at as usize) < texts;
    let term = |at: u16| usize::from(at) < terms;
    layer.names.len() == terms
        && layer.chinese.len() == terms
        && layer.parents.ends.len() == terms
        && layer.synonyms.ends.len() == terms
        && layer.disease_names.ends.len() == diseases
        && layer.rows.ends.len() == diseases
        && layer.names.iter().chain(&layer.chinese).chain(&layer.disease_names.values).all(text)
        && layer.synonyms.values.iter().all(|(_, at)| text(at))
        && layer.former.iter().all(|(_, at)| term(*at))
        && layer.rows.values.iter().all(|row| {
            term(row.term)
                && row.onset.checked_sub(1).is_none_or(term)
                && usize::from(row.frequency) <= layer.frequencies.len()
                && text(&row.reference)
                && text(&row.modifiers)
        })
}

struct Writer(Vec<u8>);

impl Writer {
    fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    fn u16(&mut self, value: u16) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// A length; nothing in a layer is as long as 4 GiB.
    fn length(&mut self, length: usize) {
        self.u32(u32::try_from(length).unwrap_or(u32::MAX));
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn list<T>(&mut self, values: &[T], write: impl Fn(&mut Self, &T)) {
        self.length(values.len());
        for value in values {
            write(self, value);
        }
    }

    fn groups<T>(&mut self, groups: &Groups<T>, write: impl Fn(&mut Self, &T)) {
        self.list(&groups.ends, |out, end| out.u32(*end));
        self.list(&groups.values, write);
    }

    fn frequency(&mut self, frequency: Frequency) {
        let (kind, a, b) = match frequency {
            Frequency::Count { cases, patients } => (0, cases, patients),
            Frequency::Percent(hundredths) => (1, hundredths, 0),
            Frequency::Class(class) => (2, class as u32, 0),
        };
        self.u8(kind);
        self.u32(a);
        self.u32(b);
    }

    fn row(&mut self, row: RowRecord) {
        self.u16(row.term);
        self.u16(row.frequency);
        self.u16(row.onset);
        self.u8(row.flags);
        self.u32(row.reference);
        self.u32(row.modifiers);
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take().map(u8::from_le_bytes)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.u32()? as usize;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(head).ok().map(str::to_owned)
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.u32()? as usize;
        // No value is shorter than a byte, so a wrong length cannot ask for more memory than the file.
        let mut values = Vec::with_capacity(length.min(self.0.len()));
        for _ in 0..length {
            values.push(read(self)?);
        }
        Some(values)
    }

    fn groups<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Groups<T>> {
        let ends = self.list(Self::u32)?;
        let values = self.list(read)?;
        let whole = ends.is_sorted() && ends.last().map_or(0, |end| *end as usize) == values.len();
        whole.then_some(Groups { ends, values })
    }

    fn frequency(&mut self) -> Option<Frequency> {
        let (kind, a, b) = (self.u8()?, self.u32()?, self.u32()?);
        Some(match kind {
            0 if b > 0 && a <= b => Frequency::Count { cases: a, patients: b },
            1 if a <= 10_000 => Frequency::Percent(a),
            2 => Frequency::Class(*FrequencyClass::ALL.get(a as usize)?),
            _ => return None,
        })
    }

    fn row(&mut self) -> Option<RowRecord> {
        Some(RowRecord {
            term: self.u16()?,
            frequency: self.u16()?,
            onset: self.u16()?,
            flags: self.u8()?,
            reference: self.u32()?,
            modifiers: self.u32()?,
        })
    }
}
