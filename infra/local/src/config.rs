//! Configuration: `porchlight.toml`, the environment, the command line. Read once; a key that is unknown or
//! wrong refuses to start.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use porchlight_edge::secrets::ProviderCredentials;
use porchlight_notify::VapidKey;
use serde::Deserialize;
use toml::{Table, Value};

use crate::gateway::proxies::Proxies;

/// The commented defaults: the manual of every key. `porchlight config` prints it.
pub const DOCUMENTED: &str = include_str!("porchlight.toml");

/// The prefix of variables.
pub const PREFIX: &str = "PORCHLIGHT_";

/// A configuration that cannot be used. Each message is one line and names the key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is no TOML.
    #[error("{} is no TOML: {reason}", path.display())]
    NoToml {
        /// Which file.
        path: PathBuf,
        /// What and where.
        reason: String,
    },
    /// No such key.
    #[error("there is no configuration key {key} ({place}); `porchlight config` prints them all")]
    Unknown {
        /// As it was written.
        key: String,
        /// The file, or the environment.
        place: String,
    },
    /// A value of the wrong kind.
    #[error("configuration key {key} is not {expected}")]
    Wrong {
        /// Which.
        key: String,
        /// What it should be.
        expected: &'static str,
    },
    /// One key needs another.
    #[error("configuration key {key} is missing: {by} needs it")]
    Missing {
        /// Which.
        key: &'static str,
        /// What was given.
        by: &'static str,
    },
}

/// All of these, or none.
const TWILIO: [&str; 3] = ["twilio_base_url", "twilio_account_sid", "twilio_auth_token"];

/// A configured provider. It holds tokens, so it has no `Debug`.
#[derive(Clone)]
pub struct ConfiguredProvider {
    /// Its API.
    pub base_url: String,
    /// The account there, with its tokens.
    pub credentials: ProviderCredentials,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that can be configured. It holds a token, so it has no `Debug`.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to serve; 0 takes a free port.
    pub port: u16,
    /// The data folder.
    pub data: PathBuf,
    /// Address from outside.
    pub public_url: Option<String>,
    /// Proxies in front of this machine, believed about who calls.
    pub trusted_proxies: Proxies,
    /// The provider's API; without it a simulator runs.
    pub twilio_base_url: Option<String>,
    /// The account there: the demo business's, and of every business made with it.
    pub twilio_account_sid: Option<String>,
    /// Its token.
    pub twilio_auth_token: Option<String>,
    /// Accepted as well, while tokens are rotated.
    pub twilio_auth_token_next: Option<String>,
    /// Where dictation becomes words; without it nobody dictates.
    pub transcribe_base_url: Option<String>,
    /// Its key, where it wants one.
    pub transcribe_api_key: Option<String>,
    /// Its model.
    pub transcribe_model: String,
    /// Our key for push services; without it one is made at the first start.
    pub vapid_private_key: Option<String>,
    /// At whom push services find whoever runs this.
    pub vapid_contact: Option<String>,
    /// Apple's service, behind SNS.
    pub sns_apns_application: Option<String>,
    /// Google's.
    pub sns_fcm_application: Option<String>,
    /// SNS, where it is not AWS's own.
    pub sns_endpoint_url: Option<String>,
    /// The simulator's port.
    pub simulator_port: Option<u16>,
    /// The built web app.
    pub web: PathBuf,
    /// Whether it is built when it is older than its sources.
    pub build_web: bool,
    /// Filter of log lines.
    pub log: String,
    /// Their form.
    pub log_format: LogFormat,
    /// Tests only.
    pub allow_loopback: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 7878,
            data: PathBuf::from("./data"),
            public_url: None,
            trusted_proxies: Proxies::default(),
            twilio_base_url: None,
            twilio_account_sid: None,
            twilio_auth_token: None,
            twilio_auth_token_next: None,
            transcribe_base_url: None,
            transcribe_api_key: None,
            transcribe_model: "whisper-1".to_owned(),
            vapid_private_key: None,
            vapid_contact: None,
            sns_apns_application: None,
            sns_fcm_application: None,
            sns_endpoint_url: None,
            simulator_port: None,
            web: PathBuf::from(BUILT_WEB),
            build_web: true,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            allow_loopback: false,
        }
    }
}

/// What a value is, in the words of an error.
#[derive(Clone, Copy)]
enum Kind {
    Port,
    Flag,
    Text,
    Url,
    Proxies,
    LogFormat,
    VapidKey,
    Contact,
    Application,
}

/// Where the web app is built in a checkout.
pub const BUILT_WEB: &str = "web/dist";

const KEYS: [(&str, Kind); 22] = [
    ("port", Kind::Port),
    ("data", Kind::Text),
    ("public_url", Kind::Url),
    ("trusted_proxies", Kind::Proxies),
    ("twilio_base_url", Kind::Url),
    ("twilio_account_sid", Kind::Text),
    ("twilio_auth_token", Kind::Text),
    ("twilio_auth_token_next", Kind::Text),
    ("transcribe_base_url", Kind::Url),
    ("transcribe_api_key", Kind::Text),
    ("transcribe_model", Kind::Text),
    ("vapid_private_key", Kind::VapidKey),
    ("vapid_contact", Kind::Contact),
    ("sns_apns_application", Kind::Application),
    ("sns_fcm_application", Kind::Application),
    ("sns_endpoint_url", Kind::Url),
    ("simulator_port", Kind::Port),
    ("web", Kind::Text),
    ("build_web", Kind::Flag),
    ("log", Kind::Text),
    ("log_format", Kind::LogFormat),
    ("allow_loopback", Kind::Flag),
];

impl Config {
    /// Reads the file, when it is there, and then the environment (names without [`PREFIX`]).
    pub fn read(file: &Path, environment: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut merged = Table::new();
        for (key, value) in file_table(file)? {
            let kind = kind_of(&key, &key, &file.display().to_string())?;
            merged.insert(key.clone(), kind.checked(&key, value)?);
        }
        for (name, text) in environment {
            let key = name.to_lowercase();
            let kind = kind_of(&key, &format!("{PREFIX}{name}"), "in the environment")?;
            merged.insert(key.clone(), kind.checked(&key, kind.parsed(text))?);
        }
        let config: Self = merged.try_into().map_err(|error: toml::de::Error| ConfigError::NoToml {
            path: file.to_owned(),
            reason: error.message().to_owned(),
        })?;
        if config.transcribe_api_key.is_some() && config.transcribe_base_url.is_none() {
            return Err(ConfigError::Missing { key: "transcribe_base_url", by: "transcribe_api_key" });
        }
        config.provider().map(|_| config)
    }

    /// The real provider; `None` when the simulator plays it.
    pub fn provider(&self) -> Result<Option<ConfiguredProvider>, ConfigError> {
        let given = [&self.twilio_base_url, &self.twilio_account_sid, &self.twilio_auth_token];
        let [Some(base_url), Some(account_sid), Some(token)] = given else {
            let named = TWILIO.into_iter().zip(given);
            let by = named.clone().find_map(|(key, value)| value.as_ref().map(|_| key));
            let by = by.or(self.twilio_auth_token_next.as_ref().map(|_| "twilio_auth_token_next"));
            let missing = named.clone().find_map(|(key, value)| value.is_none().then_some(key));
            return by.zip(missing).map_or(Ok(None), |(by, key)| Err(ConfigError::Missing { key, by }));
        };
        let auth_tokens = [token.clone()].into_iter().chain(self.twilio_auth_token_next.clone()).collect();
        let credentials = ProviderCredentials { account_sid: account_sid.clone(), auth_tokens };
        Ok(Some(ConfiguredProvider { base_url: base_url.clone(), credentials }))
    }
}

fn file_table(path: &Path) -> Result<Table, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Table::new()),
        Err(error) => {
            return Err(ConfigError::Unreadable { path: path.to_owned(), reason: error.to_string() });
        }
    };
    text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        let reason = format!("line {line}: {}", error.message().lines().next().unwrap_or_default());
        ConfigError::NoToml { path: path.to_owned(), reason }
    })
}

fn kind_of(key: &str, written: &str, place: &str) -> Result<Kind, ConfigError> {
    let known = KEYS.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind);
    known.ok_or_else(|| ConfigError::Unknown { key: written.to_owned(), place: place.to_owned() })
}

impl Kind {
    const fn expected(self) -> &'static str {
        match self {
            Self::Port => "a port (0 to 65535)",
            Self::Flag => "true or false",
            Self::Text => "text",
            Self::Url => "an address such as https://inbox.example.com, without a slash at the end",
            Self::Proxies => "a list of addresses or networks, such as \"127.0.0.1, 10.0.0.0/8\"",
            Self::LogFormat => "\"text\" or \"json\"",
            Self::VapidKey => "a private key of P-256: 32 bytes in base64url",
            Self::Contact => "an address such as mailto:ops@example.com or https://example.com",
            Self::Application => "the ARN of a platform application of SNS",
        }
    }

    /// A variable's text as the value that a file would have.
    fn parsed(self, text: &str) -> Value {
        let plain = Value::String(text.to_owned());
        match self {
            Self::Port => text.parse().map_or(plain, Value::Integer),
            Self::Flag => text.parse().map_or(plain, Value::Boolean),
            Self::Text
            | Self::Url
            | Self::Proxies
            | Self::LogFormat
            | Self::VapidKey
            | Self::Contact
            | Self::Application => plain,
        }
    }

    fn checked(self, key: &str, value: Value) -> Result<Value, ConfigError> {
        let fits = match (self, &value) {
            (Self::Port, Value::Integer(port)) => u16::try_from(*port).is_ok(),
            (Self::Flag, Value::Boolean(_)) => true,
            (Self::Text, Value::String(text)) => !text.is_empty(),
            (Self::Url, Value::String(url)) => is_address(url),
            (Self::Proxies, Value::String(named)) => named.parse::<Proxies>().is_ok(),
            (Self::VapidKey, Value::String(key)) => VapidKey::parse(key).is_ok(),
            (Self::Contact, Value::String(contact)) => {
                contact.starts_with("https://")
                    || contact.strip_prefix("mailto:").is_some_and(|address| address.contains('@'))
            }
            (Self::Application, Value::String(arn)) => arn.starts_with("arn:") && arn.contains(":app/"),
            (Self::LogFormat, Value::String(format)) => matches!(format.as_str(), "text" | "json"),
            _ => false,
        };
        fits.then_some(value)
            .ok_or_else(|| ConfigError::Wrong { key: key.to_owned(), expected: self.expected() })
    }
}

fn is_address(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.ends_with('/') && !host.contains(['#', '?', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("porchlight.toml");
        std::fs::write(&path, file).expect("a file");
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::read(&path, &variables)
    }

    fn error(file: &str, variables: &[(&str, &str)]) -> String {
        let error = read(file, variables).err().expect("a wrong configuration").to_string();
        assert!(!error.contains('\n'), "{error}");
        error
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let config = read("port = 1\nlog = \"warn\"", &[("PORT", "2"), ("ALLOW_LOOPBACK", "true")]);
        let config = config.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((config.port, config.log.as_str(), config.allow_loopback), (2, "warn", true));
    }

    #[test]
    fn an_unknown_key_is_named() {
        assert!(error("prot = 1", &[]).contains("prot"));
        assert!(error("", &[("PROT", "1")]).contains("PORCHLIGHT_PROT"));
    }

    #[test]
    fn a_wrong_value_names_its_key() {
        assert!(error("port = \"many\"", &[]).contains("port is not a port"));
        assert!(error("", &[("PORT", "70000")]).contains("port"));
        assert!(error("public_url = \"inbox.example.com\"", &[]).contains("public_url"));
        assert!(error("", &[("PUBLIC_URL", "https://inbox.example.com/")]).contains("public_url"));
        assert!(error("trusted_proxies = \"my-proxy\"", &[]).contains("trusted_proxies"));
        assert!(error("port = ", &[]).contains("line 1"));
    }

    #[test]
    fn a_provider_is_whole_or_not_there_and_what_is_missing_is_named() {
        let url = ("TWILIO_BASE_URL", "https://api.twilio.com");
        let (account, token) = (("TWILIO_ACCOUNT_SID", "AC1"), ("TWILIO_AUTH_TOKEN", "one"));
        let next = ("TWILIO_AUTH_TOKEN_NEXT", "two");
        assert!(error("", &[url]).starts_with("configuration key twilio_account_sid is missing"));
        assert!(error("", &[account, token]).starts_with("configuration key twilio_base_url is missing"));
        assert!(error("", &[url, account]).starts_with("configuration key twilio_auth_token is missing"));
        assert!(error("", &[next]).contains("twilio_auth_token_next needs it"));
        assert!(read("", &[]).is_ok_and(|config| matches!(config.provider(), Ok(None))));
        let config = read("", &[url, account, token, next]).unwrap_or_else(|error| panic!("{error}"));
        let provider = config.provider().ok().flatten().expect("a provider");
        assert_eq!(provider.credentials.auth_tokens, ["one", "two"]);
    }

    #[test]
    fn a_key_of_transcriptions_without_their_address_is_a_mistake() {
        let key = ("TRANSCRIBE_API_KEY", "sk-1");
        assert!(error("", &[key]).starts_with("configuration key transcribe_base_url is missing"));
        assert!(read("", &[key, ("TRANSCRIBE_BASE_URL", "https://api.openai.com/v1")]).is_ok());
    }

    #[test]
    fn every_key_is_documented_with_a_value_that_would_be_taken() {
        let uncommented: String = DOCUMENTED
            .lines()
            .filter_map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')))
            .flat_map(|line| [line, "\n"])
            .collect();
        assert!(read(&uncommented, &[]).is_ok(), "{uncommented}");
        let documented: Table = uncommented.parse().expect("TOML");
        let mut known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        known.sort_unstable();
        assert_eq!(documented.keys().collect::<Vec<_>>(), known);
    }
}
