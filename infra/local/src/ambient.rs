//! The one place here that reads the process's environment.

use std::collections::BTreeMap;

/// The environment's variables whose names begin with `prefix`, without it. A value that is no text is left out.
pub fn environment(prefix: &str) -> BTreeMap<String, String> {
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value))).collect()
}
