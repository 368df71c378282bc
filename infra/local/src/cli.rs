//! The commands. Each prints one clear line on standard error when it cannot be done.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use porchlight_edge::BoxError;
use porchlight_engine::Templates;
use porchlight_simulator::RunningSimulator;

use crate::business::{self, BusinessCommand, Told};
use crate::cloud;
use crate::config::{Config, DOCUMENTED, PREFIX};
use crate::failure::in_words;
use crate::place::Place;
use crate::rebuild::rebuild;
use crate::run::{self, Machine};
use crate::seed::{Seeded, seed};
use crate::{ambient, logs, status, text, web_app, welcome};

/// A wrong configuration.
const WRONG_CONFIGURATION: u8 = 2;

/// Porchlight: the shared message line of a field-service business. Without a command it runs.
#[derive(Parser)]
#[command(name = "porchlight", version)]
pub struct Cli {
    /// Where to serve.
    #[arg(long, global = true)]
    port: Option<u16>,
    /// Folder of everything that is kept.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// Configuration file.
    #[arg(long, global = true, default_value = "porchlight.toml")]
    config: PathBuf,
    /// Work on a stack on AWS instead of a data folder: the name given to infra/deploy. For `business` and `status`.
    #[arg(long, global = true, value_name = "STACK", conflicts_with_all = ["data", "port"])]
    aws: Option<String>,
    /// Print one JSON line: once everything answers, or of what `business` did.
    #[arg(long, global = true)]
    json: bool,
    /// Folder of data.yaml, app.yaml and edge.yaml, instead of those this program was built with.
    #[arg(long, global = true)]
    templates: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Print every configuration key with its default.
    Config,
    /// Say what a data folder holds and what stream consumers gave up; or which businesses a stack has.
    Status,
    /// Load plausible data into an empty data folder.
    Seed {
        /// Threads.
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
        conversations: u32,
        /// Messages in all.
        #[arg(long, default_value_t = 10_000)]
        messages: u64,
    },
    /// Drop everything derived (search, counters) and derive it again.
    Rebuild,
    /// Text in as a customer, by the simulator of the running Porchlight.
    Text {
        /// The customer's phone (+1…).
        #[arg(allow_hyphen_values = true)]
        from: String,
        /// The words.
        words: String,
    },
    /// Real businesses, their staff and their Twilio accounts.
    Business {
        #[command(subcommand)]
        command: BusinessCommand,
    },
}

/// Carries out the command line.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match cli.configuration() {
        Ok(config) => config,
        Err(error) => return fail(&*error, WRONG_CONFIGURATION),
    };
    match cli.carry_out(&config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error, 1),
    }
}

fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    eprintln!("porchlight: {}", in_words(error));
    ExitCode::from(code)
}

impl Cli {
    fn configuration(&self) -> Result<Config, BoxError> {
        let mut config = Config::read(&self.config, &ambient::environment(PREFIX))?;
        config.port = self.port.unwrap_or(config.port);
        config.data = self.data.clone().unwrap_or(config.data);
        // Whoever lacks credentials is told so once, in our words.
        let quiet = if self.aws.is_some() { "aws_config=off," } else { "" };
        logs::start(&format!("{quiet}{}", config.log), config.log_format)?;
        Ok(config)
    }

    async fn carry_out(self, config: &Config) -> Result<(), BoxError> {
        let templates = templates(self.templates)?;
        if let Some(stack) = &self.aws {
            let told = on_stack(stack, &templates, self.command.as_ref()).await;
            return told.map(|told| print(&told, self.json)).map_err(cloud::hinted);
        }
        match self.command {
            None => run_until_stopped(config, templates, self.json).await,
            Some(Command::Config) => {
                print!("{DOCUMENTED}");
                Ok(())
            }
            Some(Command::Status) => {
                print!("{}", status::report(&config.data).await?);
                Ok(())
            }
            Some(Command::Seed { conversations, messages }) => {
                let seeded = seed(&config.data, &templates, Seeded { conversations, messages }).await?;
                println!("{} conversations, {} messages", seeded.conversations, seeded.messages);
                Ok(())
            }
            Some(Command::Rebuild) => {
                println!("{} conversations", rebuild(&config.data, &templates).await?);
                Ok(())
            }
            Some(Command::Text { from, words }) => {
                println!("{}", text::send(&config.data, &from, &words).await?);
                Ok(())
            }
            Some(Command::Business { command }) => {
                let place = Place::folder(config, &templates).await?;
                print(&business::carry_out(&place, &command).await?, self.json);
                Ok(())
            }
        }
    }
}

async fn on_stack(stack: &str, templates: &Templates, command: Option<&Command>) -> Result<Told, BoxError> {
    let command = match command {
        Some(Command::Business { command }) => command,
        Some(Command::Status) => &BusinessCommand::Status,
        _ => return Err("--aws goes with `business` and `status`: all else runs on this machine".into()),
    };
    let place = Place::stack(stack, templates).await?;
    business::carry_out(&place, command).await
}

fn print(told: &Told, json: bool) {
    if json {
        println!("{}", told.json);
    } else {
        print!("{}", told.words);
    }
}

fn templates(folder: Option<PathBuf>) -> Result<Templates, BoxError> {
    Ok(folder.map_or_else(|| Ok(Templates::embedded()), |folder| Templates::read(&folder))?)
}

async fn run_until_stopped(config: &Config, templates: Templates, json: bool) -> Result<(), BoxError> {
    if config.allow_loopback {
        tracing::warn!("allow_loopback is on: calls to addresses that come from data may reach this machine");
    }
    build_web_app(config).await?;
    let machine = run::start(config, templates).await?;
    machine.is_healthy().await?;
    // Before anybody is told that it runs: whoever stops it at once is heard, too.
    let told_to_stop = told_to_stop()?;
    if json {
        println!("{}", announced(&machine)?);
    } else {
        print!("{}", welcome::told(&machine, config));
    }
    told_to_stop.await;
    machine.stop().await;
    Ok(())
}

/// Without it everything else works, so a failure is told and no more.
async fn build_web_app(config: &Config) -> Result<(), BoxError> {
    let config = config.clone();
    let say = |what: &str| eprintln!("… {what}");
    let built = tokio::task::spawn_blocking(move || web_app::build_if_stale(&config, say)).await?;
    if let Err(error) = built {
        eprintln!("porchlight: the web app was not built, the API runs without it: {error}");
    }
    Ok(())
}

fn announced(machine: &Machine) -> Result<String, BoxError> {
    if let Some(demo) = &machine.demo {
        return Ok(serde_json::to_string(demo)?);
    }
    let simulator = machine.simulator.as_ref().map(RunningSimulator::url);
    Ok(serde_json::json!({ "url": machine.porchlight.url(), "simulator_url": simulator }).to_string())
}

/// Listens for Ctrl-C, and for the signal of whoever manages services, from this moment on.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Listens for Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without signals there is nothing to wait for but the end of the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
