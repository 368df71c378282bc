//! Everything the templates declare, running in this process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use porchlight_bucket::Bucket;
use porchlight_edge::{Clock, ConfigError, Entropy, Platform, Secrets};
use porchlight_engine::{Engine, EngineError, Faults, Stack, TemplateError, Templates};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::functions::Registry;
use crate::gateway::limits::Limits;
use crate::gateway::proxies::Proxies;
use crate::gateway::{Gateway, server};
use crate::invoker::{InvokeError, Invoker};
use crate::schedules::Schedule;
use crate::streams::Backoff;
use crate::wired::Wired;

/// How long a function may go on with what it has begun when everything stops.
const GRACE: Duration = Duration::from_secs(5);
/// How often what has expired is deleted. Readers check expiry themselves; this only frees room.
const SWEEP: Duration = Duration::from_mins(30);
/// Here nobody pays for an open stream.
const STREAM_SECONDS: &str = "840";

/// What to run, on what.
pub struct Options {
    /// The templates.
    pub templates: Templates,
    /// The functions that they name.
    pub functions: Registry,
    /// The store.
    pub engine: Engine,
    /// Credentials.
    pub secrets: Arc<dyn Secrets>,
    /// Files of messages.
    pub bucket: Bucket,
    /// Where to serve; 0 takes a free port.
    pub port: u16,
    /// The address from outside; without one, the one on this machine.
    pub public_url: Option<String>,
    /// The provider's API.
    pub twilio_base_url: String,
    /// Where recordings become words; empty for nowhere.
    pub transcribe_base_url: String,
    /// With what.
    pub transcribe_model: String,
    /// At whom push services find whoever runs this; empty: the public address.
    pub vapid_contact: String,
    /// SNS's platform application of Apple's service; empty for none.
    pub sns_apns_application: String,
    /// And of Google's.
    pub sns_fcm_application: String,
    /// How AWS is called, where one of them is named.
    pub aws: Option<aws_config::SdkConfig>,
    /// Tests only: calls to addresses that come from data may reach loopback.
    pub allow_loopback: bool,
    /// Proxies in front of this machine, believed about who calls.
    pub trusted_proxies: Proxies,
    /// What callers may take of this machine.
    pub limits: Limits,
    /// The built web app.
    pub web: PathBuf,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// What goes wrong in the functions' clients and streams.
    pub faults: Faults,
    /// Waits between repetitions of stream batches.
    pub backoff: Backoff,
    /// Whether schedules run by themselves; otherwise only [`Running::tick`] wakes them.
    pub schedules: bool,
}

impl Options {
    /// The program's own templates and functions on `engine`, quiet and on a free port.
    pub fn new(engine: Engine, functions: Registry) -> Self {
        Self {
            templates: Templates::embedded(),
            functions,
            engine,
            secrets: Arc::new(crate::secrets::FileSecrets::in_memory()),
            bucket: crate::bucket::in_memory(&Entropy::system()),
            port: 0,
            public_url: None,
            twilio_base_url: "http://127.0.0.1:9".to_owned(),
            transcribe_base_url: String::new(),
            transcribe_model: "whisper-1".to_owned(),
            vapid_contact: String::new(),
            sns_apns_application: String::new(),
            sns_fcm_application: String::new(),
            aws: None,
            allow_loopback: false,
            trusted_proxies: Proxies::default(),
            limits: Limits::default(),
            web: PathBuf::from("web/dist"),
            clock: Clock::system(),
            entropy: Entropy::system(),
            faults: Faults::default(),
            backoff: Backoff::default(),
            schedules: true,
        }
    }
}

/// Why not everything runs.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or forbidden.
    #[error("port {port} cannot be listened on: {source}")]
    Port {
        /// Which.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// A template cannot be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The store cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A function refuses its configuration.
    #[error("function {function}: {source}")]
    Function {
        /// Which.
        function: String,
        /// Why.
        source: ConfigError,
    },
    /// What the templates say cannot be run.
    #[error("infra/app.yaml: {0}")]
    Wiring(String),
}

/// Everything, running. Dropping it stops it as a crash would.
pub struct Running {
    address: SocketAddr,
    public_url: String,
    engine: Engine,
    platform: Platform,
    schedules: Vec<Schedule>,
    invokers: BTreeMap<String, Invoker>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// Everything, built and not running yet: the port is taken and what comes there waits, the tables are there, and
/// nothing reads a stream or wakes by the clock. The moment to set up what must be there before.
pub struct Prepared {
    options: Options,
    listener: TcpListener,
    address: SocketAddr,
    public_url: String,
    wired: Wired,
    gateway: Gateway,
}

/// Starts everything; when this returns, requests are answered.
pub async fn start(options: Options) -> Result<Running, StartError> {
    prepare(options).await?.run().await
}

/// Takes the port, makes the tables, builds the functions.
pub async fn prepare(options: Options) -> Result<Prepared, StartError> {
    let port = options.port;
    let bound = server::bind(port).await.map_err(|source| StartError::Port { port, source });
    let listener = bound?;
    let address = listener.local_addr().map_err(|source| StartError::Port { port, source })?;
    let public_url = options.public_url.clone().unwrap_or_else(|| local_url(address));
    let stack = Stack::load(&options.templates, &parameters(&options, &public_url))?;
    options.engine.apply(stack.tables()?).await?;
    let wired = Wired::new(&options, &stack)?;
    let gateway = wired.gateway(&options, &stack, public_url.starts_with("https://"))?;
    Ok(Prepared { options, listener, address, public_url, wired, gateway })
}

impl Prepared {
    /// Where requests will be answered, on this machine.
    pub fn url(&self) -> String {
        local_url(self.address)
    }

    /// The address that webhooks are signed for.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// A platform that may do everything.
    pub const fn platform(&self) -> &Platform {
        &self.wired.platform
    }

    /// The store.
    pub const fn engine(&self) -> &Engine {
        &self.options.engine
    }

    /// Reads the streams, wakes by the clock, answers requests.
    pub async fn run(self) -> Result<Running, StartError> {
        let Self { options, listener, address, public_url, wired, gateway } = self;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        wired.start_pumps(&options, &stop, &tasks).await?;
        let schedules = wired.schedules();
        for schedule in schedules.iter().filter(|_| options.schedules) {
            tasks.spawn(schedule.clone().run(stop.clone()));
        }
        tasks.spawn(sweep(options.engine.clone(), stop.clone()));
        tasks.spawn(server::serve(listener, gateway, stop.clone()));
        let invokers = wired.functions.into_iter().map(|(spec, invoker)| (spec.id, invoker)).collect();
        let (engine, platform) = (options.engine, wired.platform);
        Ok(Running { address, public_url, engine, platform, schedules, invokers, stop, tasks })
    }
}

fn local_url(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

/// The templates' parameters on this machine.
fn parameters(options: &Options, public_url: &str) -> BTreeMap<String, String> {
    let given = [
        ("PublicUrl", public_url),
        ("TwilioBaseUrl", &options.twilio_base_url),
        ("TranscribeBaseUrl", &options.transcribe_base_url),
        ("TranscribeModel", &options.transcribe_model),
        ("VapidContact", &options.vapid_contact),
        ("ApnsApplicationArn", &options.sns_apns_application),
        ("FcmApplicationArn", &options.sns_fcm_application),
        ("AllowLoopback", if options.allow_loopback { "true" } else { "false" }),
        ("StreamSeconds", STREAM_SECONDS),
    ];
    given.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

async fn sweep(engine: Engine, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(SWEEP);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        match engine.sweep_expired().await {
            Ok(0) => {}
            Ok(items) => tracing::debug!(items, "expired items deleted"),
            Err(error) => tracing::warn!(%error, "expired items could not be deleted"),
        }
    }
}

impl Running {
    /// Where requests are answered, on this machine.
    pub fn url(&self) -> String {
        local_url(self.address)
    }

    /// The same as an address.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that webhooks are signed for.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The store.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// A platform that may do everything: for setting up a business, and for looking into the tables.
    pub const fn platform(&self) -> &Platform {
        &self.platform
    }

    /// A function by its logical id, such as `Send`, for sending it an event by hand.
    pub fn function(&self, id: &str) -> Option<&Invoker> {
        self.invokers.get(id)
    }

    /// Wakes every schedule now, one after the other.
    pub async fn tick(&self) -> Result<(), InvokeError> {
        for schedule in &self.schedules {
            schedule.wake().await?;
        }
        Ok(())
    }

    /// Stops listening and reading; what functions have begun they may finish, for a few seconds.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("functions were still at work when everything stopped");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
