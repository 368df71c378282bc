//! Programs that we did not write, told what to do as JSON and answering as JSON.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Runs a script of `peers/` with the tests' Python.
///
/// # Panics
/// When it fails.
pub async fn python(script: &'static str, asked: Value) -> Value {
    let task = tokio::task::spawn_blocking(move || run(script, &asked));
    task.await.expect("running a script does not panic")
}

fn run(script: &str, asked: &Value) -> Value {
    let python = porchlight_tools::python().expect("the tests' Python");
    let path = porchlight_tools::project().join("tests/flows/peers").join(script);
    let mut command = Command::new(python);
    command.arg(path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("Python starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    stdin.write_all(asked.to_string().as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it answers as JSON")
}
