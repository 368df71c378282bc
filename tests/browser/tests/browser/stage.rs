//! Everything, started, for one file of specs.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use porchlight_local::config::Config;
use porchlight_local::web_app::build_in;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::control::{self, Switch};
use crate::life::Life;

/// What `cargo run` starts on an empty folder: the machine with the demo's data, the built window, and the
/// simulator. Ends with this.
pub struct Stage {
    /// The line that `cargo run -- --json` prints.
    pub sign_in: String,
    /// Where the machine can be killed and started.
    pub control: String,
    /// Where the machine looks for what writes down speech; specs answer there.
    pub transcriber: u16,
    /// Where the window is served.
    pub url: String,
    switch: Arc<Switch>,
    _folder: TempDir,
    _runtime: Runtime,
}

impl Stage {
    /// Sets it up in a folder of its own; of the window it takes a copy, so that a build does no harm.
    pub fn set() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let sources = porchlight_tools::project().join("web");
        build_in(&sources, |words| eprintln!("{words}")).unwrap_or_else(|error| panic!("{error}"));
        copy(&sources.join("dist"), &folder.path().join("web"));
        let port = fixed_port();
        let transcriber = port + 2;
        let config = Config {
            port,
            transcribe_base_url: Some(format!("http://127.0.0.1:{transcriber}/v1")),
            data: folder.path().join("data"),
            web: folder.path().join("web"),
            ..Config::default()
        };
        let life = Life::begin(&config);
        let sign_in = serde_json::to_string(life.demo()).expect("plain data");
        let url = life.demo().url.clone();
        let switch = Switch::new(config, life);
        let runtime = Runtime::new().expect("a runtime");
        let control = runtime.block_on(control::serve(Arc::clone(&switch)));
        Self { sign_in, control, transcriber, url, switch, _folder: folder, _runtime: runtime }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.switch.kill();
    }
}

/// A port outside the range that the system gives to clients, with neighbours for the simulator and for what writes down
/// speech: they stay free
/// while the machine is down.
fn fixed_port() -> u16 {
    let first = 21_000 + u16::try_from(std::process::id() % 9_000).expect("a small number");
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let all = (first..first + 1_000).find(|port| free(*port) && free(port + 1) && free(port + 2));
    all.expect("three ports in a row in a thousand are free")
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
