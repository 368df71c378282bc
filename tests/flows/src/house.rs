//! Everything, started.

use std::sync::OnceLock;

use porchlight_domain::id::BusinessId;
use porchlight_domain::staff::Staff;
use porchlight_edge::Entropy;
use porchlight_edge::secrets::{ProviderCredentials, provider_credentials_name};
use porchlight_engine::Engine;
use porchlight_local::demo::story::Story;
use porchlight_local::demo::{load, telling};
use porchlight_local::functions;
use porchlight_local::local::{self, Options, Running};
use porchlight_simulator::{Line, Pace, RunningSimulator, Simulator, SimulatorConfig};
use porchlight_store::Store;

use crate::person::Person;

/// The business's line.
pub const LINE: &str = "+12075550142";
/// Everybody's password.
pub const PASSWORD: &str = "the light is on";

/// What a test wants otherwise.
pub struct Setup {
    /// The store; in memory unless told.
    pub engine: Option<Engine>,
    /// Changes how everything is run.
    pub options: Box<dyn FnOnce(&mut Options) + Send>,
    /// Tell the demo's threads too.
    pub demo: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self { engine: None, options: Box::new(|_| {}), demo: false }
    }
}

/// Everything that the templates declare, a business of four, and a simulator.
pub struct House {
    /// What runs.
    pub running: Running,
    /// Twilio, and the phones.
    pub simulator: RunningSimulator,
    /// The tenant.
    pub business: BusinessId,
    /// An admin (Ana), an office user (Ben) and two technicians (Luis, Marta), in this order.
    pub staff: Vec<Staff>,
    /// The provider's account.
    pub account_sid: String,
    /// Its token, which signs webhooks.
    pub auth_token: String,
}

impl House {
    /// With nothing in the inbox.
    pub async fn new() -> Self {
        Self::with(Setup::default()).await
    }

    /// As `setup` says.
    pub async fn with(setup: Setup) -> Self {
        let (account_sid, auth_token) = ("AC00000000000000000000000000000042", "a token of the tests");
        let mut config = SimulatorConfig::new(account_sid, auth_token);
        config.pace = Pace::brisk();
        let simulator = Simulator::start(config).await.expect("the simulator starts on a free port");
        let engine = setup.engine.unwrap_or_else(|| Engine::in_memory().expect("a store in memory opens"));
        let mut options = Options::new(engine, functions::linked());
        options.twilio_base_url = simulator.url().to_owned();
        options.allow_loopback = true;
        (setup.options)(&mut options);
        let running = local::start(options).await.expect("everything starts on a free port");
        let story = settle(&running, account_sid, auth_token, setup.demo).await;
        let mut house = Self {
            running,
            simulator,
            business: story.business.id,
            staff: story.staff,
            account_sid: account_sid.to_owned(),
            auth_token: auth_token.to_owned(),
        };
        house.connect_line();
        house
    }

    /// Points the line's webhook at what runs.
    pub fn connect_line(&mut self) {
        let webhook_url = format!("{}#rc=5&rp=all", self.webhook("messages"));
        self.simulator.set_lines(vec![Line {
            number: LINE.to_owned(),
            webhook_url,
            name: Some("Harbor Plumbing & Heating".to_owned()),
        }]);
    }

    /// Where Twilio calls: `messages`, or `status/{message_id}`.
    pub fn webhook(&self, path: &str) -> String {
        format!("{}/twilio/{}/{path}", self.running.public_url(), self.business)
    }

    /// The tables, with all rights.
    pub fn store(&self) -> Store {
        self.running.platform().store().expect("the tables have names")
    }

    /// The admin, signed in.
    pub async fn ana(&self) -> Person {
        self.sign_in(0).await
    }

    /// The office user, signed in.
    pub async fn ben(&self) -> Person {
        self.sign_in(1).await
    }

    /// A technician who may text, signed in.
    pub async fn luis(&self) -> Person {
        self.sign_in(2).await
    }

    /// A technician who may not text, signed in.
    pub async fn marta(&self) -> Person {
        self.sign_in(3).await
    }

    /// A customer's phone texts the line.
    ///
    /// # Panics
    /// When the simulator refuses, or the webhook was not taken.
    pub async fn text(&self, from: &str, words: &str) -> String {
        let sent = self.simulator.text(text_in(from, words)).await.expect("the simulator texts");
        sent.sid
    }

    async fn sign_in(&self, at: usize) -> Person {
        Person::sign_in(&self.running.url(), &self.staff[at].email, PASSWORD).await
    }
}

/// A text of words.
pub fn text_in(from: &str, words: &str) -> porchlight_simulator::TextIn {
    porchlight_simulator::TextIn {
        from: from.to_owned(),
        to: Some(LINE.to_owned()),
        body: words.to_owned(),
        ..Default::default()
    }
}

/// Gives the store a business, and the business its credentials.
async fn settle(running: &Running, account_sid: &str, auth_token: &str, demo: bool) -> Story {
    let platform = running.platform();
    let entropy = Entropy::seeded(7);
    let now = platform.clock.now();
    let script = telling::script().expect("the demo's script is as it should be");
    let hashes = vec![hash().to_owned(); script.staff.len()];
    let mut story =
        telling::business_of(&script, account_sid, &hashes, now, &entropy).expect("the script tells");
    let store = platform.store().expect("the tables have names");
    load::business(&store, &story).await.expect("a business can be written");
    let credentials =
        ProviderCredentials { account_sid: account_sid.to_owned(), auth_tokens: vec![auth_token.to_owned()] };
    let text = serde_json::to_string(&credentials).expect("plain data");
    let name = provider_credentials_name(&story.business.id);
    platform.secrets.put(&name, &text).await.expect("secrets in memory take all");
    if demo {
        telling::tell(&script, &mut story, now, &entropy).expect("the script tells");
        let people = std::mem::take(&mut story.people);
        load::people(&store, &story.business, people).await.expect("people can be written");
    }
    story
}

/// Hashing takes its time; once is enough.
fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| porchlight_edge::password::hash(PASSWORD, &Entropy::seeded(1)))
}
