//! `porchlight`: everything on one machine, until it is told to stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use porchlight_domain::id::BusinessId;
use porchlight_edge::secrets::{ProviderCredentials, provider_credentials};
use porchlight_edge::{BoxError, Secrets};
use porchlight_engine::{Engine, Templates};
use porchlight_simulator::{Persona, RunningSimulator, Simulator, SimulatorConfig};

use crate::account;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::demo_business::{self, Demo, Provider};
use crate::functions::{Registry, linked};
use crate::local::{self, Options, Running};
use crate::secrets::FileSecrets;

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
    let folder = DataFolder::open(&config.data)?;
    let engine = Engine::open(&folder.store())?;
    let secrets: Arc<dyn Secrets> = Arc::new(FileSecrets::open(&folder.secrets())?);
    let known = demo_business::read(&folder.demo());
    let credentials = credentials(config, &*secrets, known.as_ref().map(|demo| &demo.business_id)).await?;
    let simulator = match config.twilio_base_url {
        Some(_) => None,
        None => Some(simulator(config, &folder, &credentials).await?),
    };
    let simulator_url = simulator.as_ref().map(|simulator| simulator.url().to_owned());
    let provider_url = simulator_url.clone().or(config.twilio_base_url.clone()).unwrap_or_default();
    let mut options = Options::new(engine, functions);
    options.templates = templates;
    options.secrets = Arc::clone(&secrets);
    options.port = config.port;
    options.public_url.clone_from(&config.public_url);
    options.twilio_base_url.clone_from(&provider_url);
    options.allow_loopback = config.allow_loopback;
    options.web.clone_from(&config.web);
    let porchlight = local::start(options).await?;
    let account_sid = &credentials.account_sid;
    let provider = Provider { account_sid, url: &provider_url, simulator: simulator.as_ref() };
    let demo = set_up_demo(&porchlight, provider, known).await?;
    let demo = demo.map(|demo| Demo { url: porchlight.url(), simulator_url, ..demo });
    if let Some(demo) = &demo {
        account::keep(&*secrets, &demo.business_id, &credentials).await?;
        demo_business::write(&folder.demo(), demo)?;
    }
    if let Some(simulator) = &simulator {
        connect_lines(&porchlight, simulator).await?;
        simulator.set_inbox_url(porchlight.public_url());
    }
    Ok(Machine { porchlight, simulator, demo, _folder: folder })
}

/// The demo business's account: the configured one, else the one it has, else one for the simulator.
async fn credentials(
    config: &Config,
    secrets: &dyn Secrets,
    business: Option<&BusinessId>,
) -> Result<ProviderCredentials, BoxError> {
    if let (Some(account_sid), Some(token)) = (&config.twilio_account_sid, &config.twilio_auth_token) {
        let next = config.twilio_auth_token_next.clone();
        let auth_tokens = [token.clone()].into_iter().chain(next).collect();
        return Ok(ProviderCredentials { account_sid: account_sid.clone(), auth_tokens });
    }
    if config.twilio_base_url.is_some() {
        return Err("configuration keys twilio_account_sid and twilio_auth_token are missing: \
                    twilio_base_url needs both"
            .into());
    }
    let kept = match business {
        Some(business) => provider_credentials(secrets, business).await?,
        None => None,
    };
    Ok(kept.unwrap_or_else(|| account::simulated(&porchlight_edge::Entropy::system())))
}

async fn simulator(
    config: &Config,
    folder: &DataFolder,
    credentials: &ProviderCredentials,
) -> Result<RunningSimulator, BoxError> {
    let token = credentials.auth_tokens.first().cloned().unwrap_or_default();
    let wanted = config.simulator_port.or_else(|| config.port.checked_add(1).filter(|_| config.port != 0));
    let at = |port: u16| SimulatorConfig {
        bind: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        state_file: Some(folder.simulator()),
        personas: personas(),
        ..SimulatorConfig::new(credentials.account_sid.clone(), token.clone())
    };
    match Simulator::start(at(wanted.unwrap_or(0))).await {
        Err(porchlight_simulator::StartError::Bind { .. }) if config.simulator_port.is_none() => {
            Ok(Simulator::start(at(0)).await?)
        }
        started => Ok(started?),
    }
}

/// The demo's customers own their phones, and answer when the office writes.
fn personas() -> porchlight_simulator::Personas {
    let script = crate::demo::telling::script();
    let customers = script.map(|script| script.customers).unwrap_or_default();
    let people = customers.into_iter().filter_map(|customer| {
        let number = customer.contacts.first()?.contact.clone();
        Some(Persona { number, name: customer.name? })
    });
    porchlight_simulator::Personas { answering: true, people: people.collect() }
}

/// A store that is empty gets the demo business; one that had it keeps it.
async fn set_up_demo(
    porchlight: &Running,
    provider: Provider<'_>,
    known: Option<Demo>,
) -> Result<Option<Demo>, BoxError> {
    let platform = porchlight.platform();
    let store = platform.store()?;
    if known.is_some() || !store.businesses().await?.is_empty() {
        return Ok(known);
    }
    tracing::info!("the store is empty: making the demo business");
    Ok(Some(demo_business::make(platform, &store, provider).await?))
}

/// Tells the simulator where the lines of every business on its account are answered.
async fn connect_lines(porchlight: &Running, simulator: &RunningSimulator) -> Result<(), BoxError> {
    let store = porchlight.platform().store()?;
    let mut lines = Vec::new();
    for business in store.businesses().await? {
        for line in store.lines(&business.id).await? {
            lines.push(account::simulated_line(porchlight.public_url(), &business.id, &line, &business.name));
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
