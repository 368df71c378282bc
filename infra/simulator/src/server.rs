//! Start and stop.
//!
//! Connections are served by hyper itself, because one fault needs what a web framework does not offer: to drop
//! a connection without an answer.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt as _;

use crate::config::{Line, SimulatorConfig};
use crate::events::Change;
use crate::faults::{FaultSettings, Planned};
use crate::inbound::{self, TextError, TextIn, TextSent};
use crate::journal::JournalError;
use crate::message::Message;
use crate::past::{self, Remembered};
use crate::same_origin::require_own_name;
use crate::world::World;
use crate::{api, control, lines, page};

/// Why a simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("the simulator cannot listen on {address}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] JournalError),
    /// The HTTP client cannot be set up.
    #[error("the simulator's HTTP client cannot be set up")]
    Http(#[from] reqwest::Error),
    /// A rate is not between 0 and 1.
    #[error("a fault's rate must be between 0 and 1")]
    Faults,
}

/// Starts simulators.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Listens, remembers, and goes on with what a former run left under way on the lines that it knows.
    pub async fn start(config: SimulatorConfig) -> Result<RunningSimulator, StartError> {
        if !config.faults.is_valid() {
            return Err(StartError::Faults);
        }
        let bind_error = |source| StartError::Bind { address: config.bind, source };
        let listener = TcpListener::bind(config.bind).await.map_err(bind_error)?;
        let address = listener.local_addr().map_err(bind_error)?;
        let world = Arc::new(World::new(config, format!("http://{address}"))?);
        lines::resume(&world);
        let own_name = from_fn_with_state(address.ip(), require_own_name);
        let ours = control::router().merge(page::router()).layer(own_name);
        let router = Router::new().merge(api::router(&world)).merge(ours).with_state(Arc::clone(&world));
        let server = tokio::spawn(accept(listener, router));
        Ok(RunningSimulator { world, address, server })
    }
}

/// A simulator at work. Dropping it stops it as a crash would; the state file knows all that it answered for.
pub struct RunningSimulator {
    world: Arc<World>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl RunningSimulator {
    /// Where the API and the control API are: `http://127.0.0.1:…`.
    pub fn url(&self) -> &str {
        &self.world.base_url
    }

    /// The same as an address.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the account's lines, for those who learn their own address only after this one's. What a former run
    /// left under way on a line goes on once the line is known.
    pub fn set_lines(&self, lines: Vec<Line>) {
        lines::set(&self.world, lines);
    }

    /// Says where the page's "Open the inbox" leads, for the same.
    pub fn set_inbox_url(&self, url: impl Into<String>) {
        self.world.lock().inbox_url = Some(url.into());
        self.world.events.tell(Change::Settings);
    }

    /// Sends a text from a phone and waits until Porchlight took it or the provider gave up.
    pub async fn text(&self, text: TextIn) -> Result<TextSent, TextError> {
        inbound::text(&self.world, text).await
    }

    /// Takes over messages from before; those that it knows by their SID stay as they are. Nobody is told.
    pub fn remember(&self, past: Vec<Remembered>) {
        past::remember(&self.world, past);
    }

    /// Every message that the provider ever accepted, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.world.lock().state.messages().to_vec()
    }

    /// What a phone shows, oldest first.
    pub fn on_phone(&self, phone: &str) -> Vec<Message> {
        self.world.lock().state.on_phone(phone).into_iter().cloned().collect()
    }

    /// Sets what goes wrong by itself.
    pub fn set_faults(&self, settings: FaultSettings) {
        self.world.set_faults(settings);
    }

    /// Plans a fault for the next messages that fit.
    pub fn plan_fault(&self, planned: Planned) {
        self.world.plan_fault(planned);
    }

    /// Lets phones answer by themselves, or not.
    pub fn set_answering(&self, answering: bool) {
        self.world.set_answering(answering);
    }

    /// Stops listening and all that is under way.
    pub async fn shutdown(mut self) {
        self.stop();
        // Ends at once: it was aborted, and its error says just that.
        drop((&mut self.server).await);
    }

    fn stop(&self) {
        self.server.abort();
        self.world.stop();
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Marks an answer that must never be given.
#[derive(Clone, Copy)]
pub(crate) struct DropConnection;

impl DropConnection {
    /// The answer that drops its connection.
    pub(crate) fn response() -> Response {
        (axum::Extension(Self), ()).into_response()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped on purpose")]
struct Dropped;

async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, router.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, router: Router) {
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            if response.extensions().get::<DropConnection>().is_some() { Err(Dropped) } else { Ok(response) }
        }
    });
    drop(stream.set_nodelay(true));
    // Clients that hang up, and drops on purpose, end here; neither is news.
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
}
