//! The window in Chromium: `web/bench/measure.mjs` on two systems, one with much of everything and one with a
//! thread of fifty thousand messages.

use std::path::Path;
use std::process::Stdio;

use porchlight_local::web_app::build_in;
use tokio::process::Command;

use crate::Extent;
use crate::program::{Binaries, Program, ProvidedBy};

/// Prints what the window's own measurements print: a table.
pub async fn measure(binaries: &Binaries, extent: Extent) -> String {
    let web = porchlight_tools::npm_packages("web").unwrap_or_else(|error| panic!("{error}"));
    build_in(&web, |words| eprintln!("{words}")).unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().expect("a folder");
    let demo = binaries.start(&folder.path().join("demo"), ProvidedBy::Simulator).await;
    let long = folder.path().join("long");
    binaries.seed(&long, 1, extent.of(50_000, 5_000)).await;
    let long = binaries.start(&long, ProvidedBy::Us).await;
    let printed = printed(&web, &demo, &long, extent).await;
    demo.stop().await;
    long.stop().await;
    printed
}

async fn printed(web: &Path, demo: &Program, long: &Program, extent: Extent) -> String {
    let mut node = Command::new("node");
    node.arg("bench/measure.mjs").current_dir(web).kill_on_drop(true).stderr(Stdio::inherit());
    node.env("SIGN_IN", demo.sign_in()).env("THREAD_SIGN_IN", long.sign_in());
    node.env("CHROMIUM", porchlight_tools::chromium().unwrap_or_else(|error| panic!("{error}")));
    if extent.of(false, true) {
        node.env("ONLY", "load,paint,offline,thread,events");
    }
    let output = node.output().await.expect("node starts");
    // It ends with 1 when a promise was missed, and the table says which.
    let table = String::from_utf8(output.stdout).expect("text");
    assert!(!table.is_empty(), "the window was not measured");
    table
}
