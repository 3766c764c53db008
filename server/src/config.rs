//! Settings: command line, then environment, then a TOML file, then what is built in.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use jiff::SignedDuration;
use models::Drafting;
use serde::Deserialize;
use thiserror::Error;

/// The name of the speech engine that runs no model.
pub const SCRIPTED: &str = "scripted";
/// The weights spoken with unless another name is set.
pub const DEFAULT_SPEECH: &str = "qwen2.5-coder-1.5b-instruct-q4_k_m";
/// The name of no embedding weights at all.
pub const NONE: &str = "none";
/// The weights that embed unless another name is set.
pub const DEFAULT_EMBEDDING: &str = "multilingual-e5-small";
const DEFAULT_CONTEXT: u32 = 8_192;
const DEFAULT_QUEUE: u32 = 32;
const DEFAULT_SESSION_HOURS: u32 = 7 * 24;

/// When words are drafted, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftingSetting {
    /// Where it pays.
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

impl From<DraftingSetting> for Drafting {
    fn from(setting: DraftingSetting) -> Self {
        match setting {
            DraftingSetting::Auto => Self::Auto,
            DraftingSetting::On => Self::On,
            DraftingSetting::Off => Self::Off,
        }
    }
}

/// Settings as given; what is absent is looked for in the next place.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Address to serve on [default: 127.0.0.1:8080]. Any other than this machine's own lets the
    /// whole network in: put a TLS proxy in front and set --secure-cookies.
    #[arg(long, global = true, env = "ANAMNESIS_ADDRESS", value_name = "IP:PORT")]
    pub address: Option<SocketAddr>,
    /// Database file, made when absent [default: ~/.local/share/anamnesis/anamnesis.db].
    #[arg(long, global = true, env = "ANAMNESIS_DATABASE", value_name = "FILE")]
    pub database: Option<PathBuf>,
    /// Folder of the weights [default: ~/.cache/anamnesis/models].
    #[arg(long, global = true, env = "ANAMNESIS_MODELS", value_name = "FOLDER")]
    pub models: Option<PathBuf>,
    /// Weights that speak for the patients: a name of `anamnesis model list`, an allowed GGUF
    /// file, addresses of servers with the `OpenAI` API separated by commas (http://host:port), or
    /// `scripted` for none [default: qwen2.5-coder-1.5b-instruct-q4_k_m].
    #[arg(long, global = true, env = "ANAMNESIS_SPEECH", value_name = "NAME")]
    pub speech: Option<String>,
    /// Key that the servers want, where `--speech` names any.
    #[arg(long, global = true, env = "ANAMNESIS_SPEECH_KEY", value_name = "KEY", hide_env_values = true)]
    pub speech_key: Option<String>,
    /// Draft words from the prompt and verify them at once: `auto` where a measurement at start-up
    /// says that it pays, `on` or `off` [default: auto].
    #[arg(long, global = true, env = "ANAMNESIS_DRAFTING", value_name = "WHEN")]
    pub drafting: Option<DraftingSetting>,
    /// Prepare in the background, while no student is being answered, what a class will ask the
    /// patients that teachers published [default: true].
    #[arg(long, global = true, env = "ANAMNESIS_PREPARE", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub prepare: Option<bool>,
    /// Weights that find what a question means when its words are not known, or `none`: only known
    /// words are understood then [default: multilingual-e5-small].
    #[arg(long, global = true, env = "ANAMNESIS_EMBEDDING", value_name = "NAME")]
    pub embedding: Option<String>,
    /// Threads of the model [default: all cores, less one when there are more than two].
    #[arg(long, global = true, env = "ANAMNESIS_THREADS", value_name = "N")]
    pub threads: Option<u32>,
    /// Context of the model in tokens, shared by all consultations; more takes more memory
    /// [default: 8192].
    #[arg(long, global = true, env = "ANAMNESIS_CONTEXT", value_name = "TOKENS")]
    pub context: Option<u32>,
    /// Turns answered or waiting at once; beyond it students are asked to wait [default: 32].
    #[arg(long, global = true, env = "ANAMNESIS_MAX_QUEUE", value_name = "N")]
    pub max_queue: Option<u32>,
    /// Send the session cookie over HTTPS only. Needed behind a TLS proxy; without TLS nobody
    /// could sign in.
    #[arg(long, global = true, env = "ANAMNESIS_SECURE_COOKIES", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub secure_cookies: Option<bool>,
    /// Hours until a browser must sign in again [default: 168].
    #[arg(long, global = true, env = "ANAMNESIS_SESSION_HOURS", value_name = "HOURS")]
    pub session_hours: Option<u32>,
}

/// Where settings come from, on the command line.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Settings")]
pub struct ConfigArgs {
    /// TOML file of settings, named like the flags below; flags and environment win over it.
    #[arg(long, global = true, env = "ANAMNESIS_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Settings given directly.
    #[command(flatten)]
    pub settings: Settings,
}

impl ConfigArgs {
    /// The settings that hold.
    pub fn resolve(&self) -> Result<Config, ConfigError> {
        let file = self.config.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
        Config::from_settings(self.settings.clone().or(file))
    }
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file says something unknown or wrong.
    #[error("{}: line {line}: {what}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// A value out of range.
    #[error("{setting}: {what}")]
    OutOfRange {
        /// Which setting.
        setting: &'static str,
        /// What is wrong and how to mend it.
        what: &'static str,
    },
    /// Nowhere to keep things.
    #[error("this account has no home folder; set --database and --models")]
    Homeless,
}

impl Settings {
    /// Reads a TOML file of settings.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text =
            fs::read_to_string(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            ConfigError::Wrong { path: path.to_owned(), line, what: error.message().to_owned() }
        })
    }

    /// These settings, and `other` where they are silent.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            address: self.address.or(other.address),
            database: self.database.or(other.database),
            models: self.models.or(other.models),
            speech: self.speech.or(other.speech),
            speech_key: self.speech_key.or(other.speech_key),
            drafting: self.drafting.or(other.drafting),
            prepare: self.prepare.or(other.prepare),
            embedding: self.embedding.or(other.embedding),
            threads: self.threads.or(other.threads),
            context: self.context.or(other.context),
            max_queue: self.max_queue.or(other.max_queue),
            secure_cookies: self.secure_cookies.or(other.secure_cookies),
            session_hours: self.session_hours.or(other.session_hours),
        }
    }
}

/// The settings that hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Address to serve on.
    pub address: SocketAddr,
    /// Database file.
    pub database: PathBuf,
    /// Folder of the weights.
    pub models: PathBuf,
    /// Weights that speak, or [`SCRIPTED`].
    pub speech: String,
    /// Key that the servers want, where `speech` names any.
    pub speech_key: Option<String>,
    /// Whether words are drafted from the prompt.
    pub drafting: Drafting,
    /// Whether replies are prepared in the background.
    pub prepare: bool,
    /// Weights that embed, or [`NONE`].
    pub embedding: String,
    /// Threads of the model.
    pub threads: u32,
    /// Context of the model in tokens.
    pub context_tokens: u32,
    /// Turns answered or waiting at once.
    pub max_queue: u32,
    /// Whether the session cookie is for HTTPS only.
    pub secure_cookies: bool,
    /// How long a browser stays signed in.
    pub session_lifetime: SignedDuration,
}

impl Config {
    /// Fills what `settings` leave open and checks the rest.
    pub fn from_settings(settings: Settings) -> Result<Self, ConfigError> {
        let config = Self {
            address: settings.address.unwrap_or_else(|| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080)),
            database: settings.database.map_or_else(|| data_folder().map(|at| at.join("anamnesis.db")), Ok)?,
            models: settings.models.map_or_else(|| cache_folder().map(|at| at.join("models")), Ok)?,
            speech: settings.speech.unwrap_or_else(|| DEFAULT_SPEECH.to_owned()),
            speech_key: settings.speech_key,
            drafting: settings.drafting.map_or(Drafting::Auto, Drafting::from),
            prepare: settings.prepare.unwrap_or(true),
            embedding: settings.embedding.unwrap_or_else(|| DEFAULT_EMBEDDING.to_owned()),
            threads: settings.threads.unwrap_or_else(models::default_threads),
            context_tokens: settings.context.unwrap_or(DEFAULT_CONTEXT),
            max_queue: settings.max_queue.unwrap_or(DEFAULT_QUEUE),
            secure_cookies: settings.secure_cookies.unwrap_or(false),
            session_lifetime: SignedDuration::from_hours(
                settings.session_hours.unwrap_or(DEFAULT_SESSION_HOURS).into(),
            ),
        };
        config.checked()
    }

    /// Addresses of the servers that speak, where `speech` names any.
    pub fn servers(&self) -> Vec<String> {
        let addresses = self.speech.split(',').map(str::trim);
        if self.speech.contains("://") { addresses.map(str::to_owned).collect() } else { Vec::new() }
    }

    /// Whether only this machine can reach the server.
    pub fn is_local(&self) -> bool {
        self.address.ip().is_loopback()
    }

    fn checked(self) -> Result<Self, ConfigError> {
        let fault = |setting, what| Err(ConfigError::OutOfRange { setting, what });
        if self.threads == 0 || self.threads > 512 {
            return fault("threads", "must be 1 to 512");
        }
        if self.context_tokens < 1_024 {
            return fault("context", "must be at least 1024 tokens, or no consultation fits");
        }
        if self.max_queue == 0 {
            return fault("max-queue", "must be at least 1, or nobody is answered");
        }
        if self.session_lifetime.is_zero() {
            return fault("session-hours", "must be at least 1, or nobody can sign in");
        }
        Ok(self)
    }
}

fn home() -> Result<PathBuf, ConfigError> {
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or(ConfigError::Homeless)
}

fn data_folder() -> Result<PathBuf, ConfigError> {
    Ok(home()?.join(".local/share/anamnesis"))
}

fn cache_folder() -> Result<PathBuf, ConfigError> {
    Ok(home()?.join(".cache/anamnesis"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file() {
        let flags = Settings { threads: Some(3), ..Settings::default() };
        let file: Settings = toml::from_str("threads = 8\nmax-queue = 5\ndatabase = 'a.db'\nmodels = 'm'").unwrap();

        let config = Config::from_settings(flags.or(file)).unwrap();

        assert_eq!((config.threads, config.max_queue), (3, 5));
    }

    #[test]
    fn an_unknown_setting_is_refused_with_its_line() {
        let folder = std::env::temp_dir().join(format!("anamnesis-config-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("anamnesis.toml");
        fs::write(&path, "threads = 2\ntreads = 3\n").unwrap();

        let message = Settings::read(&path).unwrap_err().to_string();
        fs::remove_dir_all(&folder).unwrap();

        assert!(message.contains("line 2") && message.contains("treads"), "{message}");
    }

    #[test]
    fn a_queue_of_none_is_refused() {
        let settings = Settings {
            max_queue: Some(0),
            database: Some("a.db".into()),
            models: Some("m".into()),
            ..Settings::default()
        };

        assert!(Config::from_settings(settings).unwrap_err().to_string().contains("max-queue"));
    }
}
