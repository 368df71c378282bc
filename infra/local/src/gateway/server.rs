//! Listens on this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::ListenerExt;
use http::Request;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;

use super::Gateway;

/// How long requests that are being answered may go on after the stop; live streams never end by themselves.
const GRACE: Duration = Duration::from_secs(2);

/// A listener on loopback; port 0 takes a free one.
pub async fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

/// Serves `gateway` until told to stop.
pub async fn serve(listener: TcpListener, gateway: Gateway, stop: CancellationToken) -> std::io::Result<()> {
    let compression = CompressionLayer::new().compress_when(gateway.compression());
    let answer = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request<Body>| {
        let gateway = gateway.clone();
        async move { gateway.answer(request, peer.ip()).await }
    };
    let service =
        Router::new().fallback(answer).layer(compression).into_make_service_with_connect_info::<SocketAddr>();
    // A small event must not wait for more to send.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    let served = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        served = served => served,
        () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => Ok(()),
    }
}
