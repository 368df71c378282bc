//! `porchlight`: everything on one machine, until it is told to stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use porchlight_domain::business::Business;
use porchlight_edge::secrets::{ProviderCredentials, TRANSCRIBE_KEY, VAPID_KEY, provider_credentials};
use porchlight_edge::{BoxError, Entropy, Secrets};
use porchlight_engine::{Engine, Templates};
use porchlight_notify::VapidKey;
use porchlight_simulator::{Persona, RunningSimulator, Simulator, SimulatorConfig};

use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::demo_business::{self, Demo, Provider};
use crate::functions::{Registry, linked};
use crate::local::{self, Options, Prepared, Running};
use crate::secrets::FileSecrets;
use crate::{account, bucket, parts, rebuild};

/// How long the first answer may take.
const FIRST_ANSWER: Duration = Duration::from_secs(20);

/// Porchlight and, unless a real provider is configured, the simulator beside it.
pub struct Machine {
    /// Porchlight.
    pub porchlight: Running,
    /// The simulator.
    pub simulator: Option<RunningSimulator>,
    /// The demo business, when the store has one.
    pub demo: Option<Demo>,
    _folder: DataFolder,
}

/// Starts everything in the configured data folder.
pub async fn start(config: &Config, templates: Templates) -> Result<Machine, BoxError> {
    start_with(config, templates, linked()).await
}

/// The same with other functions.
pub async fn start_with(
    config: &Config,
    templates: Templates,
    functions: Registry,
) -> Result<Machine, BoxError> {
    warn_of_an_unnamed_proxy(config);
    let folder = DataFolder::open(&config.data)?;
    let engine = Engine::open(&folder.store())?;
    let secrets: Arc<dyn Secrets> = Arc::new(FileSecrets::open(&folder.secrets())?);
    keep_transcribe_key(config, &*secrets).await?;
    keep_vapid_key(config, &*secrets).await?;
    let known = demo_business::read(&folder.demo())?;
    let configured = config.provider()?;
    let is_simulated = configured.is_none();
    let credentials = match &configured {
        Some(provider) => provider.credentials.clone(),
        None => simulated_account(&*secrets, known.as_ref()).await?,
    };
    let simulator = match configured {
        Some(_) => None,
        None => Some(simulator(config, &folder, &credentials, known.as_ref()).await?),
    };
    let simulator_url = simulator.as_ref().map(|simulator| simulator.url().to_owned());
    let configured_url = configured.map(|provider| provider.base_url);
    let provider_url = simulator_url.clone().or(configured_url).unwrap_or_default();
    let mut options = Options::new(engine, functions);
    options.templates = templates;
    options.secrets = Arc::clone(&secrets);
    options.bucket = bucket::in_folder(&folder.files(), &Entropy::system())?;
    options.twilio_base_url.clone_from(&provider_url);
    options.aws = aws(config).await;
    // Whoever reads streams and wakes by the clock sends what is queued: all that it needs is there before.
    let prepared = local::prepare(options.configured(config)).await?;
    if let Some(demo) = &known {
        let businesses = prepared.platform().store()?.businesses().await?;
        parts::belong_together(demo, &businesses, &*secrets, is_simulated).await?;
    }
    rebuild::finish_what_was_begun(&folder, prepared.platform()).await?;
    let provider =
        Provider { account_sid: &credentials.account_sid, url: &provider_url, simulator: simulator.as_ref() };
    let setup = Setup { folder: &folder, provider, credentials: &credentials };
    let demo = match setup.demo(&prepared, known).await? {
        Some(demo) => Some(setup.keep(&prepared, Demo { url: prepared.url(), simulator_url, ..demo }).await?),
        None => None,
    };
    let businesses = prepared.platform().store()?.businesses().await?;
    account::keep_for_all(&*secrets, &businesses, &credentials).await?;
    folder.filling().end()?;
    if let Some(simulator) = &simulator {
        simulator.set_inbox_url(prepared.public_url());
        let is_there = |it: &Business| {
            let is_demo = demo.as_ref().is_some_and(|demo| demo.business_id == it.id);
            is_demo || it.provider_account == credentials.account_sid
        };
        connect_lines(&prepared, businesses.iter().filter(|it| is_there(it)), simulator).await?;
        for business in businesses.iter().filter(|it| !is_there(it)) {
            tracing::warn!(business = %business.id, "no provider is configured: its texts reach nobody");
        }
    }
    let porchlight = prepared.run().await?;
    Ok(Machine { porchlight, simulator, demo, _folder: folder })
}

/// Something makes https before requests reach this machine. While it is not named, everybody seems to call from
/// one place.
fn warn_of_an_unnamed_proxy(config: &Config) {
    let is_https = config.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    if is_https && config.trusted_proxies.is_empty() {
        tracing::warn!(
            "public_url is https and trusted_proxies names nobody: a stranger's failed sign-ins count against everybody"
        );
    }
}

/// The key that is configured now, or none.
async fn keep_transcribe_key(config: &Config, secrets: &dyn Secrets) -> Result<(), BoxError> {
    if config.transcribe_base_url.is_some() {
        secrets.put(TRANSCRIBE_KEY, config.transcribe_api_key.as_deref().unwrap_or_default()).await?;
    }
    Ok(())
}

/// The key that is configured; without one, the one that was made before stays, or is made when somebody asks for it.
async fn keep_vapid_key(config: &Config, secrets: &dyn Secrets) -> Result<(), BoxError> {
    if let Some(key) = &config.vapid_private_key {
        secrets.put(VAPID_KEY, key).await?;
        return Ok(());
    }
    let made = (0..4).find_map(|_| VapidKey::of_chance(&Entropy::system().bytes()));
    let made = made.ok_or("no key for push services can be made")?;
    secrets.add(VAPID_KEY, &made.to_secret()).await?;
    Ok(())
}

/// How SNS is called, where an application of it is named.
async fn aws(config: &Config) -> Option<aws_config::SdkConfig> {
    config.sns_apns_application.as_ref().or(config.sns_fcm_application.as_ref())?;
    let loader = aws_config::defaults(aws_config::BehaviorVersion::latest());
    let loader = match &config.sns_endpoint_url {
        Some(url) => loader.endpoint_url(url),
        None => loader,
    };
    Some(loader.load().await)
}

impl Options {
    fn configured(mut self, config: &Config) -> Self {
        self.port = config.port;
        self.public_url.clone_from(&config.public_url);
        self.allow_loopback = config.allow_loopback;
        self.transcribe_base_url = config.transcribe_base_url.clone().unwrap_or_default();
        self.transcribe_model.clone_from(&config.transcribe_model);
        self.vapid_contact = config.vapid_contact.clone().unwrap_or_default();
        self.sns_apns_application = config.sns_apns_application.clone().unwrap_or_default();
        self.sns_fcm_application = config.sns_fcm_application.clone().unwrap_or_default();
        self.trusted_proxies.clone_from(&config.trusted_proxies);
        self.web.clone_from(&config.web);
        self
    }
}

/// The account that the demo business has, else one for the simulator.
async fn simulated_account(
    secrets: &dyn Secrets,
    known: Option<&Demo>,
) -> Result<ProviderCredentials, BoxError> {
    let kept = match known {
        Some(demo) => provider_credentials(secrets, &demo.business_id).await?,
        None => None,
    };
    Ok(kept.unwrap_or_else(|| account::simulated(&Entropy::system())))
}

/// Where it was before, if that can be: stored messages name it as the place of their photos.
async fn simulator(
    config: &Config,
    folder: &DataFolder,
    credentials: &ProviderCredentials,
    known: Option<&Demo>,
) -> Result<RunningSimulator, BoxError> {
    let token = credentials.auth_tokens.first().cloned().unwrap_or_default();
    let at = |port: u16| SimulatorConfig {
        bind: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        state_file: Some(folder.simulator()),
        personas: personas(),
        ..SimulatorConfig::new(credentials.account_sid.clone(), token.clone())
    };
    if let Some(port) = config.simulator_port {
        return Ok(Simulator::start(at(port)).await?);
    }
    let before =
        known.and_then(|demo| port_of(demo.simulator_url.as_deref()?)).filter(|it| *it != config.port);
    let next = config.port.checked_add(1).filter(|_| config.port != 0);
    for port in before.into_iter().chain(next) {
        match Simulator::start(at(port)).await {
            Err(porchlight_simulator::StartError::Bind { .. }) => {}
            started => return Ok(started?),
        }
        if before == Some(port) {
            tracing::warn!(port, "the simulator's port is taken: photos of earlier texts cannot be shown");
        }
    }
    Ok(Simulator::start(at(0)).await?)
}

fn port_of(url: &str) -> Option<u16> {
    url.rsplit(':').next()?.parse().ok()
}

/// The demo's customers own their phones, and answer when the office writes.
fn personas() -> porchlight_simulator::Personas {
    let script = crate::demo::telling::script();
    let customers = script.map(|script| script.customers).unwrap_or_default();
    let contacts = customers.iter().flat_map(|customer| {
        customer
            .contacts
            .iter()
            .map(|contact| (contact, customer.name.as_deref().unwrap_or("Unknown caller")))
    });
    let (landlines, mobiles): (Vec<_>, Vec<_>) = contacts.partition(|(contact, _)| contact.is_landline());
    let persona = |(contact, name): (&crate::demo::script::ScriptContact, &str)| Persona {
        number: contact.contact.clone(),
        name: name.to_owned(),
    };
    porchlight_simulator::Personas {
        answering: true,
        people: mobiles.into_iter().map(persona).collect(),
        landlines: landlines.into_iter().map(|(contact, _)| contact.contact.clone()).collect(),
    }
}

/// What the demo business is set up with.
struct Setup<'s> {
    folder: &'s DataFolder,
    provider: Provider<'s>,
    credentials: &'s ProviderCredentials,
}

impl Setup<'_> {
    /// A store that is empty gets the demo business; one that had it keeps it.
    async fn demo(&self, prepared: &Prepared, known: Option<Demo>) -> Result<Option<Demo>, BoxError> {
        let platform = prepared.platform();
        let store = platform.store()?;
        if known.is_some() || !store.businesses().await?.is_empty() {
            return Ok(known);
        }
        tracing::info!("the store is empty: making the demo business");
        self.folder.filling().begin()?;
        let made = demo_business::make(platform, &store, self.provider).await?;
        // What the streams would tell is derived at once: whoever looks first sees all of it.
        rebuild::rebuild_all(self.folder, platform).await?;
        prepared.engine().forget_stream_records().await?;
        Ok(Some(made))
    }

    /// Keeps its account, and who can sign in.
    async fn keep(&self, prepared: &Prepared, demo: Demo) -> Result<Demo, BoxError> {
        account::keep(&*prepared.platform().secrets()?, &demo.business_id, self.credentials).await?;
        demo_business::write(&self.folder.demo(), &demo)?;
        Ok(demo)
    }
}

/// Tells the simulator where the lines of these businesses are answered.
async fn connect_lines(
    prepared: &Prepared,
    businesses: impl Iterator<Item = &Business>,
    simulator: &RunningSimulator,
) -> Result<(), BoxError> {
    let store = prepared.platform().store()?;
    let mut lines = Vec::new();
    for business in businesses {
        for line in store.lines(&business.id).await? {
            lines.push(account::simulated_line(prepared.public_url(), &business.id, &line, &business.name));
        }
    }
    simulator.set_lines(lines);
    Ok(())
}

impl Machine {
    /// Returns once `/api/health` answers.
    pub async fn is_healthy(&self) -> Result<(), BoxError> {
        let client = reqwest::Client::builder().no_proxy().timeout(FIRST_ANSWER).build()?;
        let answer = client.get(format!("http://{}/api/health", self.porchlight.address())).send().await?;
        answer.error_for_status()?;
        Ok(())
    }

    /// Stops the simulator, then Porchlight.
    pub async fn stop(self) {
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
        self.porchlight.stop().await;
    }
}

#[cfg(test)]
mod tests;
