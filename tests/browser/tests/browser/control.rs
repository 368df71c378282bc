//! How a spec kills the machine and starts it again: `POST /kill`, `POST /start`, each answered when it is done.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use porchlight_local::config::Config;
use tokio::net::TcpListener;

use crate::life::Life;

/// A machine that is alive, or not.
pub struct Switch {
    config: Config,
    life: Mutex<Option<Life>>,
}

impl Switch {
    /// With a machine that runs.
    pub fn new(config: Config, life: Life) -> Arc<Self> {
        Arc::new(Self { config, life: Mutex::new(Some(life)) })
    }

    /// Ends the machine's life.
    pub fn kill(&self) {
        if let Some(life) = self.life.lock().expect("nobody panics here").take() {
            life.kill();
        }
    }

    /// Gives it another.
    fn start(&self) {
        let mut life = self.life.lock().expect("nobody panics here");
        life.get_or_insert_with(|| Life::begin(&self.config));
    }
}

/// Serves the switch on a free port; its address.
pub async fn serve(switch: Arc<Switch>) -> String {
    let router = Router::new()
        .route("/kill", post(async |State(switch)| turn(switch, Switch::kill).await))
        .route("/start", post(async |State(switch)| turn(switch, Switch::start).await))
        .with_state(switch);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(async { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn turn(switch: Arc<Switch>, how: fn(&Switch)) -> StatusCode {
    let turned = tokio::task::spawn_blocking(move || how(&switch)).await;
    turned.map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| StatusCode::NO_CONTENT)
}
