//! A data folder on which nothing runs, opened for a command.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use porchlight_edge::{BoxError, Clock, Entropy, Platform, Secrets, Wake};
use porchlight_engine::{Engine, Stack, Templates};

use crate::bucket;
use crate::data_folder::DataFolder;
use crate::own;
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
        let stack = Stack::load(templates, &BTreeMap::new())?;
        engine.apply(stack.tables()?).await?;
        let secrets: Arc<dyn Secrets> = Arc::new(FileSecrets::open(&folder.secrets())?);
        let files = bucket::in_folder(&folder.files(), &Entropy::system())?;
        let ambience = (&Clock::system(), &Entropy::system());
        let platform = own::platform(&stack, &engine, ambience, (&secrets, &files), Wake::timer());
        Ok(Self { folder, engine, platform })
    }
}
