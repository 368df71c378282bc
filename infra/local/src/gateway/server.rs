//! Listens on this machine.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::{Extension, Router};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tower_http::compression::CompressionLayer;

use super::connections::Connections;
use super::{Caller, Gateway};

/// How long requests that are being answered may go on after the stop; live streams never end by themselves.
const GRACE: Duration = Duration::from_secs(2);
/// After a connection could not be taken (no descriptors are left): before the next is tried.
const BREATH: Duration = Duration::from_secs(1);
/// A peer that takes nothing of what is sent for so long is gone.
const TAKES_WITHIN: Duration = Duration::from_secs(40);

/// A listener on loopback; port 0 takes a free one.
pub async fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

/// Serves `gateway` until told to stop.
pub async fn serve(listener: TcpListener, gateway: Gateway, stop: CancellationToken) {
    let connections = Connections::new(gateway.limits().connections);
    let server = Server { head_within: gateway.limits().head_within, router: router(gateway) };
    let open = GracefulShutdown::new();
    while let Some((stream, peer)) = next(&listener, &stop).await {
        let seat = Arc::new(connections.seat().await);
        let caller = Caller { address: peer.ip(), seat };
        tokio::spawn(server.clone().converse(stream, caller, open.watcher()));
    }
    drop(tokio::time::timeout(GRACE, open.shutdown()).await);
}

fn router(gateway: Gateway) -> Router {
    let compression = CompressionLayer::new().compress_when(gateway.compression());
    let answer = move |Extension(caller): Extension<Caller>, request: Request<Body>| {
        let gateway = gateway.clone();
        async move { gateway.answer(request, &caller).await }
    };
    Router::new().fallback(answer).layer(compression)
}

/// The next connection; none after the stop.
async fn next(listener: &TcpListener, stop: &CancellationToken) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return None,
        };
        match accepted {
            Ok(accepted) => return Some(accepted),
            Err(error) => {
                tracing::error!(%error, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

#[derive(Clone)]
struct Server {
    router: Router,
    head_within: Duration,
}

impl Server {
    /// Answers the requests of one connection, until it ends or gives way to another.
    async fn converse(
        self,
        stream: TcpStream,
        caller: Caller,
        watcher: hyper_util::server::graceful::Watcher,
    ) {
        if let Err(error) = settle(&stream) {
            tracing::debug!(%error, "a connection keeps the system's ways");
        }
        let seat = Arc::clone(&caller.seat);
        let router = self.router;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(caller.clone());
            let router = router.clone();
            async move {
                Ok::<Response<Body>, Infallible>(
                    router.oneshot(request).await.unwrap_or_else(|no| match no {}),
                )
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.head_within);
        let connection = watcher.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            // A caller who goes away in the middle of something is no trouble of ours.
            ended = connection => drop(ended),
            () = seat.gives_way() => {}
        }
    }
}

/// A small event must not wait for more to send, and a peer that is gone must be noticed.
fn settle(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(TAKES_WITHIN))
}
