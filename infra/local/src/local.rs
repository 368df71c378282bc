//! Everything the templates declare, running in this process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use porchlight_edge::{Clock, ConfigError, Entropy, Platform, Secrets, Settings, Wake};
use porchlight_engine::template::{FunctionSpec, StreamMapping, table_arn};
use porchlight_engine::{Access, Engine, EngineError, Faults, Stack, TemplateError, Templates};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::functions::Registry;
use crate::gateway::answers::Answers;
use crate::gateway::edge::EdgeHeaders;
use crate::gateway::routes::{Mounted, Routes};
use crate::gateway::web::WebFiles;
use crate::gateway::{Gateway, GatewayParts, server};
use crate::invoker::{InvokeError, Invoker};
use crate::schedules::Schedule;
use crate::streams::{Backoff, Pump, PumpParts};

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
    /// Where to serve; 0 takes a free port.
    pub port: u16,
    /// The address from outside; without one, the one on this machine.
    pub public_url: Option<String>,
    /// The provider's API.
    pub twilio_base_url: String,
    /// Tests only: calls to addresses that come from data may reach loopback.
    pub allow_loopback: bool,
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
            port: 0,
            public_url: None,
            twilio_base_url: "http://127.0.0.1:9".to_owned(),
            allow_loopback: false,
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

/// Starts everything; when this returns, requests are answered.
pub async fn start(options: Options) -> Result<Running, StartError> {
    let port = options.port;
    let bound = server::bind(port).await.map_err(|source| StartError::Port { port, source });
    let listener = bound?;
    let address = listener.local_addr().map_err(|source| StartError::Port { port, source })?;
    let public_url =
        options.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", address.port()));
    let stack = Stack::load(&options.templates, &parameters(&options, &public_url))?;
    options.engine.apply(stack.tables()?).await?;
    let starting = Starting::new(&options, &stack)?;
    starting.run(&options, &stack, listener, public_url).await
}

/// The templates' parameters on this machine.
fn parameters(options: &Options, public_url: &str) -> BTreeMap<String, String> {
    let given = [
        ("PublicUrl", public_url),
        ("TwilioBaseUrl", &options.twilio_base_url),
        ("AllowLoopback", if options.allow_loopback { "true" } else { "false" }),
        ("StreamSeconds", STREAM_SECONDS),
    ];
    given.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The functions, built.
struct Starting {
    platform: Platform,
    functions: Vec<(FunctionSpec, Invoker)>,
}

impl Starting {
    fn new(options: &Options, stack: &Stack) -> Result<Self, StartError> {
        let wake = Wake::local();
        let told = wake.clone();
        options.engine.on_write(move |table| told.notify(table));
        let specs = stack.functions()?;
        let settings = specs.first().map(|spec| spec.environment.clone()).unwrap_or_default();
        let platform = Platform {
            clock: options.clock.clone(),
            entropy: options.entropy.clone(),
            dynamodb: options.engine.client(Access::default()),
            secrets: Arc::clone(&options.secrets),
            settings: settings.into_iter().collect(),
            wake,
        };
        let built = specs.into_iter().map(|spec| {
            check_stream_rights(&spec)?;
            let invoker = build(options, &platform, &spec)?;
            Ok((spec, invoker))
        });
        let functions = built.collect::<Result<_, StartError>>()?;
        Ok(Self { platform, functions })
    }

    async fn run(
        self,
        options: &Options,
        stack: &Stack,
        listener: TcpListener,
        public_url: String,
    ) -> Result<Running, StartError> {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let address =
            listener.local_addr().map_err(|source| StartError::Port { port: options.port, source })?;
        let gateway = self.gateway(options, stack, public_url.starts_with("https://"))?;
        self.start_pumps(options, &stop, &tasks).await?;
        let schedules = self.schedules(options);
        if options.schedules {
            for schedule in &schedules {
                tasks.spawn(schedule.clone().run(stop.clone()));
            }
        }
        tasks.spawn(sweep(options.engine.clone(), stop.clone()));
        tasks.spawn(serve(listener, gateway, stop.clone()));
        let invokers = self.functions.into_iter().map(|(spec, invoker)| (spec.id, invoker)).collect();
        let (engine, platform) = (options.engine.clone(), self.platform);
        Ok(Running { address, public_url, engine, platform, schedules, invokers, stop, tasks })
    }

    fn gateway(&self, options: &Options, stack: &Stack, https: bool) -> Result<Gateway, StartError> {
        let api = stack.of_kind("AWS::Serverless::Api").next();
        let api = api.ok_or_else(|| StartError::Wiring("there is no AWS::Serverless::Api".to_owned()))?;
        let mounted = self.functions.iter().flat_map(|(spec, invoker)| {
            spec.routes.iter().map(|route| Mounted { route: route.clone(), invoker: invoker.clone() })
        });
        let binary = api.properties["BinaryMediaTypes"].as_array().into_iter().flatten();
        Ok(Gateway::new(GatewayParts {
            routes: Routes::new(mounted.collect()),
            binary: binary.filter_map(|kind| Some(kind.as_str()?.replace("~1", "/"))).collect(),
            answers: Answers::read(&api.properties["GatewayResponses"]),
            edge: EdgeHeaders::read(stack, https).map_err(StartError::Wiring)?,
            web: WebFiles::new(options.web.clone()),
            clock: options.clock.clone(),
            entropy: options.entropy.clone(),
        }))
    }

    async fn start_pumps(
        &self,
        options: &Options,
        stop: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<(), StartError> {
        let mut pumps = Vec::new();
        for (spec, invoker) in &self.functions {
            for mapping in &spec.streams {
                let parts = PumpParts {
                    mapping: mapping.clone(),
                    invoker: invoker.clone(),
                    engine: options.engine.clone(),
                    clock: options.clock.clone(),
                    faults: options.faults.clone(),
                    backoff: options.backoff,
                };
                pumps.push(Pump::new(parts, stop, tasks).map_err(StartError::Wiring)?);
            }
        }
        check_readers(&pumps)?;
        options.engine.register_consumers(pumps.iter().map(Pump::consumer).collect()).await?;
        for pump in pumps {
            tasks.spawn(run_pump(pump, stop.clone()));
        }
        Ok(())
    }

    fn schedules(&self, options: &Options) -> Vec<Schedule> {
        let all = self.functions.iter().flat_map(|(spec, invoker)| {
            spec.schedules.iter().map(|every| Schedule {
                invoker: invoker.clone(),
                every: *every,
                clock: options.clock.clone(),
                entropy: options.entropy.clone(),
            })
        });
        all.collect()
    }
}

fn build(options: &Options, platform: &Platform, spec: &FunctionSpec) -> Result<Invoker, StartError> {
    let build = options.functions.get(&spec.code);
    let build = build.ok_or_else(|| {
        StartError::Wiring(format!("{} names {}, which is not linked in", spec.id, spec.code))
    })?;
    let access = Access { policy: Some(spec.policy.clone()), faults: options.faults.clone() };
    let policed = crate::secrets::PolicedSecrets::new(Arc::clone(&options.secrets), spec.policy.clone());
    let settings: Settings = spec.environment.clone().into_iter().collect();
    let platform = Platform {
        dynamodb: options.engine.client(access),
        secrets: Arc::new(policed),
        settings,
        ..platform.clone()
    };
    let function =
        build(platform).map_err(|source| StartError::Function { function: spec.id.clone(), source })?;
    Ok(Invoker::new(&spec.id, function, spec.timeout))
}

/// Lambda reads streams and fills dead-letter queues with the function's own role.
fn check_stream_rights(spec: &FunctionSpec) -> Result<(), StartError> {
    let needed = spec.streams.iter().flat_map(|mapping: &StreamMapping| {
        let stream = format!("{}/stream/local", table_arn(&mapping.table));
        let reads = ["DescribeStream", "GetRecords", "GetShardIterator"]
            .map(|action| (format!("dynamodb:{action}"), stream.clone()));
        reads
            .into_iter()
            .chain(mapping.dead_letters.clone().map(|queue| ("sqs:SendMessage".to_owned(), queue)))
    });
    needed.into_iter().try_for_each(|(action, resource)| {
        spec.policy.check(&action, &resource).map_err(|denied| StartError::Wiring(denied.to_string()))
    })
}

/// AWS lets a stream have two Lambda readers.
fn check_readers(pumps: &[Pump]) -> Result<(), StartError> {
    let mut readers = BTreeMap::<String, usize>::new();
    for pump in pumps {
        *readers.entry(pump.consumer().table).or_default() += 1;
    }
    match readers.into_iter().find(|(_, count)| *count > 2) {
        Some((table, count)) => {
            Err(StartError::Wiring(format!("the stream of {table} has {count} readers; AWS allows two")))
        }
        None => Ok(()),
    }
}

async fn run_pump(pump: Pump, stop: CancellationToken) {
    let consumer = pump.consumer().name;
    if let Err(error) = pump.run(stop).await {
        tracing::error!(consumer, %error, "a stream is no longer read");
    }
}

async fn serve(listener: TcpListener, gateway: Gateway, stop: CancellationToken) {
    if let Err(error) = server::serve(listener, gateway, stop).await {
        tracing::error!(%error, "requests are no longer served");
    }
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
        format!("http://localhost:{}", self.address.port())
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
