//! The release program: built, seeded, started, stopped.

use std::path::{Path, PathBuf};
use std::process::{Command as Build, Stdio};
use std::time::{Duration, Instant};

use porchlight_flows::Person;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The functions of the template, each a binary of its own on AWS.
pub const FUNCTIONS: [&str; 7] = ["webhooks", "inbox", "live", "files", "send", "push", "index"];
/// Longest that a start may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often somebody who waits for the first answer asks.
const ASK_EVERY: Duration = Duration::from_millis(1);

/// The account of the demo business when this program plays the provider.
pub const ACCOUNT: &str = "AC00000000000000000000000000000077";
/// Its token.
pub const TOKEN: &str = "a token of the measurements";

/// Where the binaries are.
pub struct Binaries {
    folder: PathBuf,
}

/// Who is the demo business's provider.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ProvidedBy {
    /// The simulator beside it, as a newcomer has it.
    Simulator,
    /// This program, which only texts in.
    Us,
}

fn build(names: &[&str]) {
    let packages = names.iter().flat_map(|name| ["--package".to_owned(), format!("porchlight-{name}")]);
    let mut cargo = Build::new(env!("CARGO"));
    cargo.args(["build", "--release", "--bins", "--quiet"]).args(packages);
    let status = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo starts");
    assert!(status.success(), "the release build failed");
}

impl Binaries {
    /// Builds `porchlight` and the functions, beside this program.
    pub fn build() -> Self {
        // This program too, so that both are built with the same features and nothing is built twice.
        build(&["bench", "local"]);
        // By themselves, as `infra/deploy` builds them: `porchlight` asks more of the SDK than they need.
        build(&FUNCTIONS);
        Self::as_built()
    }

    /// Those that were built before.
    pub fn as_built() -> Self {
        let this = std::env::current_exe().expect("a program knows where it is");
        let profiles = this.ancestors().nth(2).expect("target/<profile>/porchlight-bench");
        Self { folder: profiles.join("release") }
    }

    /// The path of a binary.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Fills an empty data folder.
    pub async fn seed(&self, data: &Path, conversations: u32, messages: u64) {
        let mut seed = self.command(data);
        let counts = [conversations.to_string(), messages.to_string()];
        seed.args(["seed", "--conversations", &counts[0], "--messages", &counts[1]]);
        let output = seed.output().await.expect("porchlight starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn command(&self, data: &Path) -> Command {
        let mut command = Command::new(self.path("porchlight"));
        command.arg("--data").arg(data).current_dir(data.parent().expect("a folder lies in another"));
        command.env("PORCHLIGHT_LOG", "error").kill_on_drop(true);
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
        command.env("PORCHLIGHT_WEB", web);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts on a data folder and waits until everything answers.
    pub async fn start(&self, data: &Path, by: ProvidedBy) -> Program {
        Self::answering(self.spawn(data, free_port(), by)).await
    }

    /// The same, on the first core alone.
    pub async fn start_on_one_core(&self, data: &Path, by: ProvidedBy) -> Program {
        let program = self.start(data, by).await;
        let id = program.id().to_string();
        let mut taskset = Command::new("taskset");
        taskset.args(["--all-tasks", "--cpu-list", "--pid", "0", &id]).stdout(Stdio::null());
        let held = taskset.status().await.expect("taskset is there");
        assert!(held.success(), "the server cannot be held to one core");
        program
    }

    async fn answering(mut child: Child) -> Program {
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        let read = tokio::time::timeout(PATIENCE, stdout.read_line(&mut line));
        read.await.expect("a start in time").expect("text");
        let told = serde_json::from_str(&line).expect("one JSON line");
        Program { child, told }
    }

    fn spawn(&self, data: &Path, port: u16, by: ProvidedBy) -> Child {
        let mut command = self.command(data);
        command.args(["--json", "--port", &port.to_string()]).stderr(Stdio::inherit());
        if by == ProvidedBy::Us {
            // Nobody writes out, so nobody needs to listen there.
            command.env("PORCHLIGHT_TWILIO_BASE_URL", "http://127.0.0.1:9");
            // This program plays the push service too.
            command.env("PORCHLIGHT_ALLOW_LOOPBACK", "true");
            command.env("PORCHLIGHT_TWILIO_ACCOUNT_SID", ACCOUNT).env("PORCHLIGHT_TWILIO_AUTH_TOKEN", TOKEN);
        }
        command.spawn().expect("porchlight starts")
    }

    /// From the start of the process until `/api/health` answers.
    pub async fn time_to_health(&self, data: &Path) -> Duration {
        let port = free_port();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let begun = Instant::now();
        let mut child = self.spawn(data, port, ProvidedBy::Simulator);
        let mut ask = tokio::time::interval(ASK_EVERY);
        let health = format!("http://127.0.0.1:{port}/api/health");
        while !client.get(&health).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(begun.elapsed() < PATIENCE, "never healthy");
            ask.tick().await;
        }
        let took = begun.elapsed();
        child.kill().await.expect("a process can be killed");
        took
    }
}

/// `porchlight`, running. It ends with this.
pub struct Program {
    child: Child,
    told: Value,
}

impl Program {
    /// A word of what it told at its start: `url`, `business_id`, `line`.
    pub fn told(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap_or_else(|| panic!("{name} was not told"))
    }

    /// The line that it told at its start: where it is, and who can sign in.
    pub fn sign_in(&self) -> String {
        self.told.to_string()
    }

    /// The office user, signed in.
    pub async fn office(&self) -> Person {
        let users = self.told["users"].as_array().expect("users were told");
        let user = users.iter().find(|user| user["role"] == "office").expect("there is an office user");
        let word = |name: &str| user[name].as_str().expect("a word");
        Person::sign_in(self.told("url"), word("email"), word("password")).await
    }

    fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Processor time that it has taken so far.
    pub fn processor_time(&self) -> Duration {
        /// Of the system's ticks, a hundred a second wherever Linux runs.
        const TICK: Duration = Duration::from_millis(10);
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).expect("it runs");
        // Its name comes second and may hold anything; user and system time are the 14th and 15th.
        let (_, fields) = stat.rsplit_once(") ").expect("a name in parentheses");
        let ticks = fields.split(' ').skip(11).take(2).map(|field| field.parse::<u32>().expect("ticks"));
        TICK * ticks.sum::<u32>()
    }

    /// Memory that is its own now (RSS), in bytes.
    pub fn resident(&self) -> u64 {
        let id = self.id();
        let rss = crate::report::field(&format!("/proc/{id}/status"), "VmRSS");
        rss.and_then(|text| crate::report::kilobytes(&text)).map_or(0, |kb| kb * 1024)
    }

    /// Ends it.
    pub async fn stop(mut self) {
        self.child.kill().await.expect("a process can be killed");
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}
