//! A cloud for the tests of this process, and the program as an operator runs it there.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use porchlight_tools::{project, python};
use serde_json::Value;

/// `aws.py`, which ends when this process does: it reads from it.
pub struct Cloud {
    process: Child,
    says: BufReader<ChildStdout>,
    url: String,
}

/// The one of all tests.
pub fn cloud() -> MutexGuard<'static, Cloud> {
    static CLOUD: OnceLock<Mutex<Cloud>> = OnceLock::new();
    CLOUD.get_or_init(|| Mutex::new(Cloud::start())).lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cloud {
    fn start() -> Self {
        let mut command = Command::new(python().unwrap_or_else(|error| panic!("{error}")));
        command.arg(project().join("infra/local/tests/stack/aws.py")).arg(project().join("infra"));
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
        let says = BufReader::new(process.stdout.take().expect("it was piped"));
        let mut cloud = Self { process, says, url: String::new() };
        cloud.url = cloud.next_line();
        cloud
    }

    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.says.read_line(&mut line).expect("it speaks");
        assert!(!line.is_empty(), "moto ended; its words are above");
        line.trim().to_owned()
    }

    /// Everything that it keeps.
    pub fn everything(&mut self) -> Value {
        self.process.stdin.as_mut().expect("it was piped").write_all(b"\n").expect("it listens");
        serde_json::from_str(&self.next_line()).expect("it answers as JSON")
    }

    /// The program, with an operator's credentials and nothing else of this machine.
    pub fn porchlight(&self, stack: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_porchlight"));
        command.env_clear().stdin(Stdio::null()).args(["--aws", stack]).envs(self.operator());
        command
    }

    /// One step of a deployment of this name.
    pub fn deploy(&self, name: &str, step: &str) -> Command {
        let mut command = Command::new(project().join("infra/deploy"));
        command.args(["--domain", "inbox.harbor.example", "--alarm-email", "ops@harbor.example"]);
        command.args(["--certificate", "arn:aws:acm:us-east-1:111122223333:certificate/0f0f0f0f"]);
        command.args(["--name", name, "--only", step]).env_remove("AWS_PROFILE").envs(self.operator());
        command
    }

    fn operator(&self) -> [(&'static str, &str); 5] {
        [
            ("AWS_ENDPOINT_URL", self.url.as_str()),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
    }
}

/// What it said, both ways.
pub struct Said {
    /// On standard output.
    pub out: String,
    /// On standard error.
    pub err: String,
    /// Whether it did what it was asked.
    pub done: bool,
}

/// Runs it to its end.
pub fn run(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Said { out: text(stdout), err: text(stderr), done: status.success() }
}
