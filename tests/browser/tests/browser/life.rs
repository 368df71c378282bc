//! The machine with its simulator, as `cargo run` starts them, in a runtime of its own, so that it can be killed: no task of it goes on,
//! its connections are cut, and only the data folder remains.

use std::time::Duration;

use porchlight_engine::Templates;
use porchlight_local::config::Config;
use porchlight_local::demo_business::Demo;
use porchlight_local::run::{self, Machine};
use tokio::runtime::Runtime;

/// Longest that what runs on a thread may take to notice.
const GRACE: Duration = Duration::from_secs(10);

/// From one start to the next kill.
pub struct Life {
    machine: Machine,
    runtime: Runtime,
}

impl Life {
    /// Starts the machine; returns once it answers.
    pub fn begin(config: &Config) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let machine = runtime.block_on(async {
            let machine = run::start(config, Templates::embedded()).await.expect("the machine starts");
            machine.is_healthy().await.expect("the machine answers");
            // Customers speak when a spec tells them to.
            machine.simulator.as_ref().expect("no other provider is configured").set_answering(false);
            machine
        });
        Self { machine, runtime }
    }

    /// Who can sign in, and where.
    pub fn demo(&self) -> &Demo {
        self.machine.demo.as_ref().expect("an empty folder gets the demo")
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(self) {
        let guard = self.runtime.enter();
        drop(self.machine);
        drop(guard);
        self.runtime.shutdown_timeout(GRACE);
    }
}
