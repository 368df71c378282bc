//! A data folder on which nothing runs, opened for a command.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use porchlight_edge::{BoxError, Clock, Entropy, Platform, Wake};
use porchlight_engine::{Access, Engine, Stack, Templates};

use crate::data_folder::DataFolder;
use crate::secrets::FileSecrets;

/// The folder, held, with its store.
pub(crate) struct Offline {
    pub(crate) folder: DataFolder,
    pub(crate) engine: Engine,
    /// May do everything.
    pub(crate) platform: Platform,
}

impl Offline {
    /// Opens the folder, or makes it.
    pub(crate) async fn open(data: &Path, templates: &Templates) -> Result<Self, BoxError> {
        let folder = DataFolder::open(data)?;
        let engine = Engine::open(&folder.store())?;
        // Only functions that run are told an address; here none does.
        let nowhere = BTreeMap::from([("PublicUrl".to_owned(), "http://localhost".to_owned())]);
        let stack = Stack::load(templates, &nowhere)?;
        engine.apply(stack.tables()?).await?;
        let environment = stack.functions()?.into_iter().next().map(|function| function.environment);
        let platform = Platform {
            clock: Clock::system(),
            entropy: Entropy::system(),
            dynamodb: engine.client(Access::default()),
            secrets: Arc::new(FileSecrets::open(&folder.secrets())?),
            settings: environment.unwrap_or_default().into_iter().collect(),
            wake: Wake::timer(),
        };
        Ok(Self { folder, engine, platform })
    }
}
