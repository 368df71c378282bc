//! The functions that are linked in: the crate that a template's `CodeUri` names → how to build it.

use std::collections::BTreeMap;
use std::sync::Arc;

use porchlight_edge::{ConfigError, Function, Platform};

/// Builds a function.
pub type Build = Arc<dyn Fn(Platform) -> Result<Function, ConfigError> + Send + Sync>;

type BuildFn = fn(Platform) -> Result<Function, ConfigError>;

/// Functions by the name of their crate.
pub type Registry = BTreeMap<String, Build>;

/// Every function of this program.
pub fn linked() -> Registry {
    let linked: [(&str, BuildFn); 5] = [
        ("porchlight-webhooks", porchlight_webhooks::build),
        ("porchlight-inbox", porchlight_inbox::build),
        ("porchlight-live", porchlight_live::build),
        ("porchlight-send", porchlight_send::build),
        ("porchlight-index", porchlight_index::build),
    ];
    linked.into_iter().map(|(name, build)| (name.to_owned(), Arc::new(build) as Build)).collect()
}
