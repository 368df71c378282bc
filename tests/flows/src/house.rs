//! Everything, started.

use porchlight_domain::id::BusinessId;
use porchlight_domain::staff::Staff;
use porchlight_edge::Clock;
use porchlight_edge::secrets::ProviderCredentials;
use porchlight_engine::{Engine, Faults};
use porchlight_local::functions;
use porchlight_local::local::{self, Options, Running};
use porchlight_simulator::{
    FaultKind, Line, Pace, Planned, RunningSimulator, Simulator, SimulatorConfig, TextIn,
};
use porchlight_store::Store;

use crate::household::{Household, LINE, PASSWORD, Plan, keep_credentials};
use crate::person::Person;

/// What a test wants otherwise.
pub struct Setup {
    /// Changes how everything is run.
    pub options: Box<dyn FnOnce(&mut Options) + Send>,
    /// Tell the demo's threads too.
    pub demo: bool,
    /// How fast the provider is.
    pub pace: Pace,
}

impl Default for Setup {
    fn default() -> Self {
        Self { options: Box::new(|_| {}), demo: false, pace: Pace::brisk() }
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
    /// The provider's account and its tokens, which sign webhooks.
    pub credentials: ProviderCredentials,
    /// What goes wrong in the functions' clients and streams.
    pub faults: Faults,
}

impl House {
    /// With nothing in the inbox.
    pub async fn new() -> Self {
        Self::with(Setup::default()).await
    }

    /// With a clock that a test moves, and schedules that it wakes.
    pub async fn with_still_clock() -> Self {
        let options = Box::new(|options: &mut Options| {
            options.clock = Clock::manual(Clock::system().now());
            options.schedules = false;
        });
        Self::with(Setup { options, ..Setup::default() }).await
    }

    /// As `setup` says.
    pub async fn with(setup: Setup) -> Self {
        let credentials = ProviderCredentials {
            account_sid: "AC00000000000000000000000000000042".to_owned(),
            auth_tokens: vec!["a token of the tests".to_owned()],
        };
        let mut config = SimulatorConfig::new(&credentials.account_sid, &credentials.auth_tokens[0]);
        config.pace = setup.pace;
        let simulator = Simulator::start(config).await.expect("the simulator starts on a free port");
        let engine = Engine::in_memory().expect("a store in memory opens");
        let mut options = Options::new(engine, functions::linked());
        options.twilio_base_url = simulator.url().to_owned();
        options.allow_loopback = true;
        (setup.options)(&mut options);
        let faults = options.faults.clone();
        let running = local::start(options).await.expect("everything starts on a free port");
        let plan = Plan {
            line: LINE,
            domain: "harbor.example",
            seed: 7,
            credentials: &credentials,
            provider_url: simulator.url(),
            demo: setup.demo,
        };
        let Household { business, staff } = Household::put(running.platform(), &plan).await;
        let house = Self { running, simulator, business, staff, credentials, faults };
        house.connect_line();
        house
    }

    /// Points the line's webhook at what runs.
    fn connect_line(&self) {
        let webhook_url = format!("{}#rc=5&rp=all", self.webhook("messages"));
        let name = Some("Harbor Plumbing & Heating".to_owned());
        self.simulator.set_lines(vec![Line { number: LINE.to_owned(), webhook_url, name }]);
    }

    /// Another business in the same store, with its own line and people, at the same provider.
    pub async fn neighbours(&self) -> Household {
        let plan = Plan {
            line: "+12075550143",
            domain: "bayside.example",
            seed: 8,
            credentials: &self.credentials,
            provider_url: self.simulator.url(),
            demo: false,
        };
        Household::put(self.running.platform(), &plan).await
    }

    /// Where Twilio calls: `messages`, or `status/{message_id}`.
    pub fn webhook(&self, path: &str) -> String {
        self.webhook_of(&self.business, path)
    }

    /// The same for any business.
    pub fn webhook_of(&self, business: &BusinessId, path: &str) -> String {
        format!("{}/twilio/{business}/{path}", self.running.public_url())
    }

    /// The tables, with all rights.
    pub fn store(&self) -> Store {
        self.running.platform().store().expect("the tables have names")
    }

    /// Keeps these tokens for the business, the current one first.
    pub async fn keep_tokens(&self, tokens: &[&str]) {
        let auth_tokens = tokens.iter().map(|token| (*token).to_owned()).collect();
        let credentials = ProviderCredentials { auth_tokens, ..self.credentials.clone() };
        keep_credentials(self.running.platform(), &self.business, &credentials).await;
    }

    /// The admin, signed in.
    pub async fn ana(&self) -> Person {
        self.sign_in(&self.staff[0]).await
    }

    /// The office user, signed in.
    pub async fn ben(&self) -> Person {
        self.sign_in(&self.staff[1]).await
    }

    /// A technician who may text, signed in.
    pub async fn luis(&self) -> Person {
        self.sign_in(&self.staff[2]).await
    }

    /// A technician who may not text, signed in.
    pub async fn marta(&self) -> Person {
        self.sign_in(&self.staff[3]).await
    }

    /// Somebody who works here, or next door, signed in.
    pub async fn sign_in(&self, staff: &Staff) -> Person {
        Person::sign_in(&self.running.url(), &staff.email, PASSWORD).await
    }

    /// A customer's phone texts the line, and Porchlight takes it; the SID.
    ///
    /// # Panics
    /// When the simulator refuses, or the webhook was not taken.
    pub async fn text(&self, from: &str, words: &str) -> String {
        let sent = self.simulator.text(text_in(from, words)).await.expect("the simulator texts");
        let webhook = sent.webhook.expect("the simulator runs on");
        assert!(webhook.accepted, "“{words}” was not taken: {webhook:?}");
        sent.sid
    }

    /// Something goes wrong with the next message that it can happen to, by its words.
    pub fn plan(&self, kind: FaultKind, words: &str) {
        let planned = Planned { body: Some(words.to_owned()), ..Planned::next(kind) };
        self.simulator.plan_fault(planned);
    }

    /// What the provider accepted from the line for a phone, oldest first.
    pub fn accepted_for(&self, phone: &str) -> Vec<String> {
        let is_ours = |message: &&porchlight_simulator::Message| {
            message.direction == porchlight_simulator::Direction::OutboundApi && message.to == phone
        };
        self.simulator.messages().iter().filter(is_ours).map(|message| message.body.clone()).collect()
    }

    /// How often the provider was asked to take these words, whether it took them or not.
    ///
    /// # Panics
    /// When the simulator does not tell.
    pub async fn posts_of(&self, words: &str) -> usize {
        let url = format!("{}/simulator/events", self.simulator.url());
        let client = reqwest::Client::builder().build().expect("a client");
        let answer = client.get(url).send().await.expect("an answer");
        let events: serde_json::Value = answer.json().await.expect("events are JSON");
        let is_post = |event: &&serde_json::Value| {
            event["direction"] == "from_us" && event["what"].as_str().is_some_and(|what| what.contains(words))
        };
        events["events"].as_array().expect("a list").iter().filter(is_post).count()
    }

    /// Time passes (a still clock's), and then the minute strikes.
    pub async fn pass(&self, time: std::time::Duration) {
        self.running.platform().clock.advance(time);
        self.running.tick().await.expect("the sweeps do their work");
    }
}

/// A text of words.
pub fn text_in(from: &str, words: &str) -> TextIn {
    TextIn { from: from.to_owned(), to: Some(LINE.to_owned()), body: words.to_owned(), ..TextIn::default() }
}
