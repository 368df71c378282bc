//! Everything, started, for one file of specs.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use porchlight_edge::Entropy;
use porchlight_local::config::Config;
use porchlight_local::demo::telling;
use porchlight_local::demo_business::Demo;
use porchlight_local::{account, config};
use porchlight_simulator::{Line, Persona, Personas, RunningSimulator, Simulator, SimulatorConfig};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::control::{self, Switch};
use crate::life::Life;

/// The machine with the demo's data and the built window, and a simulator that outlives it. Ends with this.
pub struct Stage {
    /// The line that `cargo run -- --json` prints.
    pub sign_in: String,
    /// Where the machine can be killed and started.
    pub control: String,
    /// Where the window is served.
    pub url: String,
    switch: Arc<Switch>,
    _simulator: RunningSimulator,
    _folder: TempDir,
    _runtime: Runtime,
}

impl Stage {
    /// Sets it up in a folder of its own; of the window it takes a copy, so that a build does no harm.
    pub fn set() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let built = porchlight_tools::web_app().unwrap_or_else(|error| panic!("{error}"));
        copy(&built, &folder.path().join("web"));
        let runtime = Runtime::new().expect("a runtime");
        let port = fixed_port();
        let account = account::simulated(&Entropy::system());
        let token = &account.auth_tokens[0];
        let simulator = runtime.block_on(Simulator::start(SimulatorConfig {
            personas: personas(),
            inbox_url: Some(format!("http://localhost:{port}")),
            ..SimulatorConfig::new(&account.account_sid, token)
        }));
        let simulator = simulator.expect("the simulator starts on a free port");
        let config = Config {
            port,
            data: folder.path().join("data"),
            web: folder.path().join("web"),
            twilio_base_url: Some(simulator.url().to_owned()),
            twilio_account_sid: Some(account.account_sid.clone()),
            twilio_auth_token: Some(token.clone()),
            ..config::Config::default()
        };
        let life = Life::begin(&config);
        let demo = Demo { simulator_url: Some(simulator.url().to_owned()), ..life.demo().clone() };
        simulator.set_lines(vec![line(&demo)]);
        let switch = Switch::new(config, life);
        let control = runtime.block_on(control::serve(Arc::clone(&switch)));
        let sign_in = serde_json::to_string(&demo).expect("plain data");
        let url = demo.url;
        Self { sign_in, control, url, switch, _simulator: simulator, _folder: folder, _runtime: runtime }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.switch.kill();
    }
}

fn line(demo: &Demo) -> Line {
    Line {
        number: demo.line.clone(),
        webhook_url: account::webhook_address(&demo.url, &demo.business_id),
        name: telling::script().ok().map(|script| script.business.name),
    }
}

/// The demo's customers own their phones, but only speak when told to.
fn personas() -> Personas {
    let script = telling::script().expect("the demo's script is as it should be");
    let people = script.customers.into_iter().filter_map(|customer| {
        let number = customer.contacts.first()?.contact.clone();
        Some(Persona { number, name: customer.name? })
    });
    Personas { answering: false, people: people.collect() }
}

/// A port outside the range that the system gives to clients: it stays free while the machine is down.
fn fixed_port() -> u16 {
    let first = 21_000 + u16::try_from(std::process::id() % 9_000).expect("a small number");
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    (first..first + 1_000).find(free).expect("one port in a thousand is free")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("the built window") {
        let entry = entry.expect("a file");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
