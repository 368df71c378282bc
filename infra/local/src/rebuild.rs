//! `porchlight rebuild`: drops everything derived and derives it again (P10).

use std::path::Path;
use std::sync::Arc;

use porchlight_edge::{BoxError, Platform};
use porchlight_engine::{Engine, Stack};

use crate::data_folder::DataFolder;
use crate::secrets::FileSecrets;
use crate::seed::platform;

/// Rebuilds what is derived for every business in the data folder; answers how many conversations that were.
pub async fn rebuild(data: &Path) -> Result<usize, BoxError> {
    let folder = DataFolder::open(data)?;
    let engine = Engine::open(&folder.store())?;
    let stack = Stack::embedded();
    engine.apply(stack.tables()?).await?;
    rebuild_all(&platform(&engine, &stack, Arc::new(FileSecrets::in_memory()))?).await
}

/// The same on a store that is open already, and that nothing else follows meanwhile.
pub(crate) async fn rebuild_all(platform: &Platform) -> Result<usize, BoxError> {
    let mut conversations = 0;
    for business in platform.store()?.businesses().await? {
        conversations += porchlight_index::rebuild(platform, &business.id).await?.conversations;
    }
    Ok(conversations)
}
