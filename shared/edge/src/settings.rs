//! A function's configuration: the environment that the template gives it.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::function::BoxError;

/// A setting is missing or wrong; the function refuses to start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no such key.
    #[error("setting {0} is missing")]
    Missing(String),
    /// The value cannot be read.
    #[error("setting {key} is not {expected}")]
    Invalid {
        /// The key.
        key: String,
        /// What its value should be.
        expected: &'static str,
    },
    /// A client of something outside cannot be made.
    #[error("{0}")]
    Client(#[source] BoxError),
}

/// Key and value pairs, read once.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// The process's environment; on AWS that is what the template says.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env() -> Self {
        Self(std::env::vars().collect())
    }

    /// The value of `key`.
    pub fn require(&self, key: &str) -> Result<&str, ConfigError> {
        self.0.get(key).map(String::as_str).ok_or_else(|| ConfigError::Missing(key.to_owned()))
    }

    /// Whether there is a key with this beginning.
    pub fn some_begin_with(&self, beginning: &str) -> bool {
        self.0.keys().any(|key| key.starts_with(beginning))
    }

    /// The value of `key`, read as what it should be.
    pub fn parse<T: FromStr>(&self, key: &str, expected: &'static str) -> Result<T, ConfigError> {
        self.require(key)?.parse().map_err(|_| ConfigError::Invalid { key: key.to_owned(), expected })
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
