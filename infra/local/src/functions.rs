//! The functions that are linked in: the crate that a template's `CodeUri` names → how to build it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use porchlight_edge::{ConfigError, Function, Kind, Platform};
use porchlight_engine::template::FunctionSpec;

/// Builds a function.
pub type Build = Arc<dyn Fn(Platform) -> Result<Function, ConfigError> + Send + Sync>;

type BuildFn = fn(Platform) -> Result<Function, ConfigError>;

/// Functions by the name of their crate.
pub type Registry = BTreeMap<String, Build>;

/// Every function of this program.
pub fn linked() -> Registry {
    let linked: [(&str, BuildFn); 7] = [
        ("porchlight-webhooks", porchlight_webhooks::build),
        ("porchlight-inbox", porchlight_inbox::build),
        ("porchlight-live", porchlight_live::build),
        ("porchlight-files", porchlight_files::build),
        ("porchlight-send", porchlight_send::build),
        ("porchlight-push", porchlight_push::build),
        ("porchlight-index", porchlight_index::build),
    ];
    linked.into_iter().map(|(name, build)| (name.to_owned(), Arc::new(build) as Build)).collect()
}

/// Whether all that a function writes can be derived again from what is durable: `rebuild` does it, and so do the
/// streams, whose positions never get ahead of it.
pub fn derives(code: &str) -> bool {
    code == "porchlight-index"
}

/// Every kind of event that a template sends to a function.
pub fn sent(spec: &FunctionSpec) -> Result<BTreeSet<Kind>, String> {
    let requests =
        spec.routes.iter().map(|route| if route.streamed { Kind::StreamedHttp } else { Kind::Http });
    let records = spec.streams.iter().map(|_| Kind::Stream);
    let woken = spec.schedules.iter().map(|schedule| {
        Kind::of(&schedule.input).map_err(|came| format!("a schedule wakes {} with {came}", spec.id))
    });
    requests.chain(records).map(Ok).chain(woken).collect()
}
