//! Where pictures of screens go.

use std::path::PathBuf;

/// What the documents show, of all that the specs take pictures of.
const SHOWN: [&str; 16] = [
    "inbox-light",
    "inbox-dark",
    "inbox-tablet-light",
    "inbox-tablet-dark",
    "list-phone-light",
    "list-phone-dark",
    "thread-phone-light",
    "thread-phone-dark",
    "sign-in-light",
    "sign-in-phone-dark",
    "palette-light",
    "help-dark",
    "search-light",
    "me-phone-light",
    "simulator-light",
    "simulator-dark",
];

/// The pictures of this run.
pub fn folder() -> PathBuf {
    porchlight_tools::project().join("target/screens")
}

/// Puts the documents' pictures where they are missing, or all of them when `UPDATE_SCREENS` is set.
pub fn keep() {
    let shown = porchlight_tools::project().join("docs/screens");
    std::fs::create_dir_all(&shown).expect("a folder can be made");
    let all = option_of_the_caller("UPDATE_SCREENS");
    for name in SHOWN.map(|name| format!("{name}.png")) {
        let to = shown.join(&name);
        if all || !to.exists() {
            std::fs::copy(folder().join(&name), to).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

/// A switch of whoever runs the tests.
fn option_of_the_caller(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}
