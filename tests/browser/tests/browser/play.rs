//! Playwright, run to its end.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use porchlight_tools::{chromium, npm_packages};
use tokio::process::Command;
use tokio::runtime::Runtime;

use crate::pictures;
use crate::stage::Stage;

/// What some files of specs may take; Playwright gives up a little earlier, and then says where it was.
const PATIENCE: Duration = Duration::from_mins(10);
const ITS_PATIENCE: &str = "--global-timeout=580000";

/// One at a time: two would measure each other.
static ALONE: Mutex<()> = Mutex::new(());

/// Waits until nothing else is measured.
pub fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Acts out `web/tests/browser/{spec}.spec.ts`, or several on one stage with blanks between their names, and shows
/// Playwright's closing line.
///
/// # Panics
/// When something is not as a spec says; with all that Playwright printed.
pub fn play(spec: &str) {
    let _alone = alone();
    let stage = Stage::set();
    let (passed, printed) = Runtime::new().expect("a runtime").block_on(run(spec, &stage));
    assert!(passed, "{spec}:\n{printed}");
    let closing = printed.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    // Past the test harness, which would keep it to itself.
    writeln!(std::io::stderr(), "{spec}: {}", closing.trim()).expect("standard error is open");
}

async fn run(spec: &str, stage: &Stage) -> (bool, String) {
    let web = npm_packages("web").unwrap_or_else(|error| panic!("{error}"));
    let mut command = Command::new(web.join("node_modules/.bin/playwright"));
    command.args(["test", "--reporter=list", ITS_PATIENCE]);
    command.args(spec.split(' ').map(|spec| format!("tests/browser/{spec}.spec.ts")));
    command.current_dir(&web).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("BASE_URL", &stage.url).env("SIGN_IN", &stage.sign_in).env("CONTROL", &stage.control);
    command.env("TRANSCRIBER_PORT", stage.transcriber.to_string());
    command.env("SCREENS", pictures::folder()).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    command.env("CHROMIUM", chromium().unwrap_or_else(|error| panic!("{error}")));
    let child = command.kill_on_drop(true).spawn().expect("Playwright starts");
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    let output = output.unwrap_or_else(|_| panic!("{spec} never ended")).expect("Playwright runs");
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.success(), String::from_utf8_lossy(&printed).into_owned())
}
