//! What people read when everything runs: where, as whom, and how to try it.

use std::fmt::Write as _;
use std::path::Path;

use porchlight_simulator::RunningSimulator;

use crate::ambient;
use crate::config::Config;
use crate::demo_business::{Demo, DemoUser};
use crate::run::Machine;

/// Set by `cargo run`.
const BY_CARGO: &str = "CARGO_MANIFEST_DIR";
/// A phone that nobody of the demo owns.
const STRANGER: &str = "+12075550199";

/// The words.
pub fn told(machine: &Machine, config: &Config) -> String {
    let simulator = machine.simulator.as_ref().map(RunningSimulator::url);
    let by_cargo = ambient::environment(BY_CARGO).contains_key("");
    let command = if by_cargo { "cargo run -q --" } else { "porchlight" };
    let mut words = "\nPorchlight is running.\n\n".to_owned();
    let (url, public_url) = (machine.porchlight.url(), machine.porchlight.public_url());
    let _ = writeln!(words, "  Inbox       {public_url}");
    if url != public_url {
        let _ = writeln!(words, "  Here        {url}");
    }
    if let Some(simulator) = simulator {
        let _ = writeln!(words, "  Simulator   {simulator}   (plays Twilio, and the customers' phones)");
    }
    if let Some(Demo { line, users, .. }) = &machine.demo {
        let _ = writeln!(words, "  Line        {line}\n\nSign in as");
        words.extend(users.iter().map(sign_in));
        if simulator.is_some() {
            words.push_str(&how_to_text(command, &config.data));
        }
    }
    let _ = writeln!(words, "\nCtrl-C stops it. Everything is kept in {}.", config.data.display());
    words
}

fn sign_in(user: &DemoUser) -> String {
    let role = format!("{:?}", user.role).to_lowercase();
    format!("  {role:<11} {:<24} {}\n", user.email, user.password)
}

fn how_to_text(command: &str, data: &Path) -> String {
    let data =
        if data == Config::default().data { String::new() } else { format!(" --data {}", data.display()) };
    let text = format!("{command}{data} text \"{STRANGER}\" \"Hi, is anybody there? Our sink leaks\"");
    format!("\nText in as a customer on the simulator's page, or in a second terminal:\n  {text}\n")
}
