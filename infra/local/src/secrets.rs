//! Credentials in a private file, by the names that SSM parameters have on AWS.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use porchlight_edge::{Secrets, SecretsError};
use porchlight_engine::Policy;
use porchlight_engine::template::{ACCOUNT, REGION};

use crate::data_folder::write_private;

/// All credentials, read once, written through.
pub struct FileSecrets {
    /// None: gone with the process.
    path: Option<PathBuf>,
    known: Mutex<BTreeMap<String, String>>,
    /// Whoever looks whether there is one, and keeps one, does both in one turn.
    adding: tokio::sync::Mutex<()>,
}

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {reason}", path.display())]
pub struct SecretsFileError {
    /// Which file.
    path: PathBuf,
    /// Why. Never its content.
    reason: String,
}

impl FileSecrets {
    /// Reads the file, when it is there.
    pub fn open(path: &Path) -> Result<Self, SecretsFileError> {
        let wrong = |reason: String| SecretsFileError { path: path.to_owned(), reason };
        let known = match std::fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| wrong(format!("it is no JSON object of texts (line {})", error.line())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(wrong(error.to_string())),
        };
        Ok(Self {
            path: Some(path.to_owned()),
            known: Mutex::new(known),
            adding: tokio::sync::Mutex::default(),
        })
    }

    /// Keeps nothing on disk.
    pub const fn in_memory() -> Self {
        Self { path: None, known: Mutex::new(BTreeMap::new()), adding: tokio::sync::Mutex::const_new(()) }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Secrets for FileSecrets {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        Ok(self.known().get(name).cloned())
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        let mut known = self.known();
        let mut changed = known.clone();
        changed.insert(name.to_owned(), value.to_owned());
        if let Some(path) = &self.path {
            let failed = |source| SecretsError { name: name.to_owned(), source };
            let text = serde_json::to_string_pretty(&changed).map_err(|e| failed(e.into()))?;
            write_private(path, &text).map_err(|e| failed(e.into()))?;
        }
        *known = changed;
        Ok(())
    }

    async fn add(&self, name: &str, value: &str) -> Result<String, SecretsError> {
        let _turn = self.adding.lock().await;
        if let Some(kept) = self.get(name).await? {
            return Ok(kept);
        }
        self.put(name, value).await?;
        Ok(value.to_owned())
    }
}

/// The same credentials, as far as a function's role lets it.
pub struct PolicedSecrets {
    all: Arc<dyn Secrets>,
    policy: Policy,
}

impl PolicedSecrets {
    /// `all`, within `policy`.
    pub const fn new(all: Arc<dyn Secrets>, policy: Policy) -> Self {
        Self { all, policy }
    }

    fn check(&self, action: &str, name: &str) -> Result<(), SecretsError> {
        let arn = format!("arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}");
        self.policy.check(action, &arn).map_err(|e| SecretsError { name: name.to_owned(), source: e.into() })
    }
}

#[async_trait]
impl Secrets for PolicedSecrets {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        self.check("ssm:GetParameter", name)?;
        self.all.get(name).await
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        self.check("ssm:PutParameter", name)?;
        self.all.put(name, value).await
    }

    async fn add(&self, name: &str, value: &str) -> Result<String, SecretsError> {
        self.check("ssm:PutParameter", name)?;
        self.check("ssm:GetParameter", name)?;
        self.all.add(name, value).await
    }
}
