//! `porchlight rebuild`: drops everything derived and derives it again (P10).

use std::path::Path;

use porchlight_edge::{BoxError, Platform};
use porchlight_engine::Templates;

use crate::offline::Offline;

/// Rebuilds what is derived for every business in the data folder; answers how many conversations that were.
pub async fn rebuild(data: &Path, templates: &Templates) -> Result<usize, BoxError> {
    rebuild_all(&Offline::open(data, templates).await?.platform).await
}

/// The same on a store that is open already, and that nothing else follows meanwhile.
pub(crate) async fn rebuild_all(platform: &Platform) -> Result<usize, BoxError> {
    let mut conversations = 0;
    for business in platform.store()?.businesses().await? {
        conversations += porchlight_index::rebuild(platform, &business.id).await?.conversations;
    }
    Ok(conversations)
}
