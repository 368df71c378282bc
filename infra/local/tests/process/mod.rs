//! The real program, started as a process. Whatever a test starts ends with it.
#![expect(dead_code, reason = "each test file uses its part")]

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Longest that a start may take: a debug build that fills an empty store, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program on the data folder `data` inside `folder`, where its log is kept too.
pub fn porchlight(folder: &Path) -> Command {
    let log = File::options().append(true).create(true).open(folder.join("log.txt")).expect("a log file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_porchlight"));
    command.current_dir(folder).args(["--data", "data"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::from(log)).kill_on_drop(true);
    command
}

/// A port that nobody listens on, outside the range that the system gives to clients: it stays free while
/// the program is down.
pub fn fixed_port() -> u16 {
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).expect("a small number");
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    (first..first + 1_000).find(free).expect("one port in a thousand is free")
}

/// A process that was started, and may not answer yet.
pub struct Starting(Child);

/// A process that answers.
pub struct Program {
    child: Child,
    /// The line that it printed.
    pub told: Value,
}

impl Starting {
    /// Starts it; it will print one JSON line.
    pub fn new(command: &mut Command) -> Self {
        Self(command.arg("--json").spawn().expect("the program starts"))
    }

    /// Its line, once it answers.
    pub async fn line(&mut self) -> Value {
        let stdout = self.0.stdout.as_mut().expect("standard output is piped");
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        let read = tokio::time::timeout(PATIENCE, stdout.read_line(&mut line));
        read.await.expect("a start in time").expect("text");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("one JSON line, not {line:?}; see its log"))
    }

    /// It answers.
    pub async fn ready(mut self) -> Program {
        let told = self.line().await;
        Program { child: self.0, told }
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.0.kill().await.expect("a process can be killed");
    }
}

impl Program {
    /// Starts it and waits until it answers.
    pub async fn start(command: &mut Command) -> Self {
        Starting::new(command).ready().await
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("a process can be killed");
    }

    /// Tells it to end, as whoever manages services does, and waits until it has.
    pub async fn stop(mut self) {
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill is there");
        assert!(told.success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("an end in time");
        assert!(ended.expect("a status").success(), "it ends well when it is told to");
    }
}
