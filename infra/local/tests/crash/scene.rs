//! The provider, the program that is killed and started anew, and the traffic between them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use porchlight_edge::Entropy;
use porchlight_flows::{Mirror, Person};
use porchlight_simulator::{
    Direction, FaultSettings, Line, Message, Pace, RunningSimulator, Simulator, SimulatorConfig, TextIn,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle};

use crate::process::{Program, Starting, fixed_port, porchlight};
use crate::threads::Threads;
use crate::traffic::{Ledger, Stage, Traffic};

pub const ACCOUNT: &str = "AC00000000000000000000000000000099";
pub const TOKEN: &str = "a token of the crash test";
/// Threads that are written in. Each kill may hold some for minutes, so there are enough.
const THREADS: usize = 60;
/// Customers who text, and people who answer, side by side.
const CUSTOMERS: u64 = 3;
const WRITERS: u64 = 6;
/// What everybody says before the window is open.
const FIRST_WORDS: &str = "Hello";
/// Longest that the last texts may take: the provider tries again for so long.
const LAST_WORDS: Duration = Duration::from_secs(30);

pub struct Scene {
    folder: TempDir,
    pub port: u16,
    pub traffic: Arc<Traffic>,
    /// What the program told of itself at its first start.
    pub told: Value,
    actors: Vec<JoinHandle<()>>,
    followers: Vec<AbortHandle>,
}

impl Scene {
    /// A demo business whose provider is the test's, with threads to write in, and everybody at work.
    pub async fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = fixed_port();
        let simulator = provider(seed).await;
        let program = Program::start(&mut command(&folder, port, simulator.url())).await;
        let told = program.told.clone();
        simulator.set_lines(vec![line(&told, port)]);
        let phones: Vec<String> = (0..THREADS).map(|at| format!("+1207557{:04}", 1000 + at)).collect();
        for from in &phones {
            let text = TextIn { from: from.clone(), body: FIRST_WORDS.to_owned(), ..TextIn::default() };
            let sent = simulator.text(text).await.expect("the line is there");
            assert!(sent.webhook.is_some_and(|webhook| webhook.accepted), "a first text is taken");
        }
        let office = sign_in(&told).await;
        let conversations = Threads::load(&office).await.ids(&phones);
        assert_eq!(conversations.len(), THREADS);
        simulator.set_faults(misfortune());
        let traffic = Arc::new(Traffic {
            simulator,
            office,
            conversations,
            phones,
            stage: watch::Sender::new(Stage::Up),
            steps: watch::Sender::new(0),
            ledger: Mutex::new(Ledger::default()),
            mirror: Mutex::new(Mirror::default()),
        });
        let mut scene = Self { folder, port, traffic, told, actors: Vec::new(), followers: Vec::new() };
        scene.begin(seed);
        scene.down().await;
        program.kill().await;
        scene
    }

    fn begin(&mut self, seed: u64) {
        let mut chances = (1..).map(|actor| Entropy::seeded(seed.wrapping_add(actor)));
        let mut chance = || chances.next().expect("there is always another");
        for name in 0..CUSTOMERS {
            self.actors.push(tokio::spawn(Arc::clone(&self.traffic).customer(name, chance())));
        }
        for name in 0..WRITERS {
            self.actors.push(tokio::spawn(Arc::clone(&self.traffic).writer(name, chance())));
        }
        self.followers.push(tokio::spawn(Arc::clone(&self.traffic).follow()).abort_handle());
        self.followers.push(tokio::spawn(Arc::clone(&self.traffic).watch_provider()).abort_handle());
    }

    /// Starts the program and kills it when `steps` things have happened: since it answers, or when it is to be
    /// `early`, since it was started (the provider and its phones go on meanwhile). `yields` moves the moment by
    /// a little.
    pub async fn run_and_kill(&mut self, early: bool, steps: u64, yields: u64) {
        let mut program = Starting::new(&mut self.command());
        let told = tokio::select! {
            () = self.happen(steps), if early => None,
            told = program.line() => Some(told),
        };
        if let Some(told) = told {
            assert_eq!(told["users"], self.told["users"], "a restart tells the same people");
            self.traffic.stage.send_replace(Stage::Up);
            let happened = tokio::time::timeout(LAST_WORDS, self.happen(steps));
            happened.await.expect("messages flow");
        }
        for _ in 0..yields {
            tokio::task::yield_now().await;
        }
        self.down().await;
        program.kill().await;
        assert!(self.actors.iter().all(|actor| !actor.is_finished()), "everybody is still at work");
    }

    /// So many things happen.
    async fn happen(&self, count: u64) {
        let mut steps = self.traffic.steps.subscribe();
        let moment = *steps.borrow_and_update() + count;
        steps.wait_for(|steps| *steps >= moment).await.expect("the test holds the sender");
    }

    /// Whoever is cut off from now on waits for the next start.
    async fn down(&self) {
        self.traffic.stage.send_replace(Stage::Down);
        tokio::task::yield_now().await;
    }

    /// Starts the program a last time, lets everybody finish what they are at, and the provider its attempts.
    pub async fn run_to_the_end(&mut self) -> Program {
        let program = Program::start(&mut self.command()).await;
        self.traffic.stage.send_replace(Stage::Ending);
        for actor in self.actors.drain(..) {
            let finished = tokio::time::timeout(LAST_WORDS, actor).await.expect("everybody finishes");
            finished.expect("nobody met what they should not");
        }
        program
    }

    pub fn assert_that_traffic_flowed(&self) {
        let ledger = self.ledger();
        let taken = ledger.texts.iter().filter(|text| text.taken).count();
        println!("{} texts, {taken} taken; {} answers", ledger.texts.len(), ledger.answers.len());
        assert!(taken >= 100 && ledger.answers.len() >= 60, "kills without traffic prove nothing");
    }

    /// The window that resumed thirty times shows what a fresh load shows (P8).
    pub async fn until_the_feed_has_told_all(&self) -> Threads {
        let begun = Instant::now();
        loop {
            let threads = Threads::load(self.office()).await;
            let Some(difference) = self.first_difference(&threads) else {
                self.followers.iter().for_each(AbortHandle::abort);
                return threads;
            };
            assert!(begun.elapsed() < LAST_WORDS, "the window shows otherwise: {difference}");
            // More may be told at any moment; whatever was told meanwhile is seen in the next round anyway.
            drop(tokio::time::timeout(Duration::from_millis(100), self.happen(1)).await);
        }
    }

    fn first_difference(&self, threads: &Threads) -> Option<String> {
        let mirror = self.traffic.mirror();
        let followed = threads.all().filter(|message| message["text"] != FIRST_WORDS);
        followed
            .map(|message| (mirror.messages.get(message["id"].as_str().unwrap_or_default()), message))
            .find(|(copy, message)| copy.is_none_or(|copy| as_shown(copy) != as_shown(message)))
            .map(|(copy, message)| format!("{copy:?} for {message}"))
    }

    /// What was promised.
    pub fn ledger(&self) -> Ledger {
        self.traffic.ledger().clone()
    }

    /// What the provider accepted from us.
    pub fn provider(&self) -> Vec<Message> {
        let all = self.traffic.simulator.messages().into_iter();
        all.filter(|message| message.direction == Direction::OutboundApi).collect()
    }

    pub fn office(&self) -> &Person {
        &self.traffic.office
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self) -> Command {
        command(&self.folder, self.port, self.traffic.simulator.url())
    }

    /// No panic, and no body, in any line of thirty lives (P11).
    pub fn assert_log_is_clean(&self) {
        let log = std::fs::read_to_string(self.folder.path().join("log.txt")).expect("a log");
        for word in ["panicked", "of customer", "of writer", "+1207557", TOKEN] {
            assert!(!log.contains(word), "the log says {word:?}:\n{log}");
        }
    }
}

/// The office user, signed in. The session outlives the process.
pub async fn sign_in(told: &Value) -> Person {
    let users = told["users"].as_array().expect("users");
    let user = users.iter().find(|user| user["role"] == "office").expect("an office user");
    let word = |name: &str| user[name].as_str().expect("a word");
    Person::sign_in(told["url"].as_str().expect("an address"), word("email"), word("password")).await
}

/// A message without its version: evidence that changes nothing to see is written, and not told.
fn as_shown(message: &Value) -> Value {
    let mut shown = message.clone();
    shown["version"].take();
    shown
}

/// The address that the provider calls.
pub fn public_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn line(told: &Value, port: u16) -> Line {
    let business = told["business_id"].as_str().expect("an id");
    Line {
        number: told["line"].as_str().expect("a number").to_owned(),
        webhook_url: format!("{}/twilio/{business}/messages#rc=5&rp=all", public_url(port)),
        name: None,
    }
}

fn command(folder: &TempDir, port: u16, provider: &str) -> Command {
    let mut command = porchlight(folder.path());
    command.args(["--port", &port.to_string()]);
    command.env("PORCHLIGHT_TWILIO_BASE_URL", provider);
    command.env("PORCHLIGHT_TWILIO_ACCOUNT_SID", ACCOUNT);
    command.env("PORCHLIGHT_TWILIO_AUTH_TOKEN", TOKEN);
    command.env("PORCHLIGHT_PUBLIC_URL", public_url(port));
    command
}

/// Retries go on for longer than a restart takes.
async fn provider(seed: u64) -> RunningSimulator {
    let mut config = SimulatorConfig::new(ACCOUNT, TOKEN);
    config.seed = seed;
    config.pace = Pace { retry: Duration::from_millis(200), ..Pace::brisk() };
    Simulator::start(config).await.expect("the simulator starts on a free port")
}

/// Lost answers, lost callbacks, and what else goes wrong on a usual day. What is accepted arrives.
fn misfortune() -> FaultSettings {
    FaultSettings {
        drop_after_accepting: 0.06,
        server_error: 0.03,
        too_many_requests: 0.02,
        lost_callbacks: 0.15,
        duplicate: 0.1,
        reorder: 0.1,
        ..FaultSettings::default()
    }
}
