//! `porchlight rebuild`: drops everything derived and derives it again (P10).

use std::path::Path;

use porchlight_edge::{BoxError, Platform};
use porchlight_engine::Templates;

use crate::data_folder::DataFolder;
use crate::offline::Offline;

/// Rebuilds what is derived for every business in the data folder; answers how many conversations that were.
pub async fn rebuild(data: &Path, templates: &Templates) -> Result<usize, BoxError> {
    let Offline { folder, platform, .. } = Offline::open(data, templates).await?;
    rebuild_all(&folder, &platform).await
}

/// The same on a store that is open already, and that nothing else follows meanwhile.
pub(crate) async fn rebuild_all(folder: &DataFolder, platform: &Platform) -> Result<usize, BoxError> {
    folder.rebuilding().begin()?;
    let mut conversations = 0;
    for business in platform.store()?.businesses().await? {
        conversations += porchlight_index::rebuild(platform, &business.id).await?.conversations;
    }
    folder.rebuilding().end()?;
    Ok(conversations)
}

/// Does again what was interrupted, under the same condition.
pub(crate) async fn finish_what_was_begun(folder: &DataFolder, platform: &Platform) -> Result<(), BoxError> {
    if folder.rebuilding().is_there() {
        tracing::warn!("a rebuild of derived data was interrupted: doing it again");
        let conversations = rebuild_all(folder, platform).await?;
        tracing::info!(conversations, "derived data is rebuilt");
    }
    Ok(())
}
