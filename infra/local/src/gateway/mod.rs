//! API Gateway and CloudFront on one machine: each request becomes the event that AWS would send.
//!
//! # Layout
//!
//! [`routes`] chooses the function, [`event`] makes the event, [`answers`] are API Gateway's own answers,
//! [`edge`] adds CloudFront's headers, [`web`] serves the web app's files, [`server`] listens.

pub mod answers;
pub mod edge;
pub mod event;
pub mod routes;
pub mod server;
pub mod web;

use std::net::IpAddr;
use std::sync::Arc;

use answers::{Answers, Reason};
use axum::body::{Body, to_bytes};
use edge::EdgeHeaders;
use event::Circumstances;
use futures::StreamExt as _;
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Request, Response, StatusCode, Version};
use porchlight_edge::{Clock, Entropy};
use routes::{Match, Routes};
use tower_http::compression::Predicate;
use tower_http::compression::predicate::{NotForContentType, SizeAbove};
use web::WebFiles;

use crate::invoker::InvokeError;

/// What Lambda takes and gives at once; streamed answers may be longer.
const PAYLOAD_LIMIT: usize = 6 * 1024 * 1024;
/// How much of a body is read before its sender is cut off.
const PATIENCE_LIMIT: usize = 64 * 1024 * 1024;

/// Answers requests. Cheap to clone.
#[derive(Clone)]
pub struct Gateway(Arc<GatewayParts>);

/// What a gateway is made of.
pub struct GatewayParts {
    /// The routes.
    pub routes: Routes,
    /// Media types whose bodies travel as base64.
    pub binary: Vec<String>,
    /// The size in bytes from which answers are compressed for those who take that; without one, none is.
    pub compressed_from: Option<u16>,
    /// API Gateway's own answers.
    pub answers: Answers,
    /// CloudFront's headers.
    pub edge: EdgeHeaders,
    /// The web app.
    pub web: WebFiles,
    /// Tells when a request came.
    pub clock: Clock,
    /// Names requests.
    pub entropy: Entropy,
}

impl Gateway {
    /// A gateway of these parts.
    pub fn new(parts: GatewayParts) -> Self {
        Self(Arc::new(parts))
    }

    /// Which answers are compressed on their way out: never a live stream, nor what is compressed already.
    pub(crate) fn compression(&self) -> impl Predicate + use<> {
        let (asked, from) = (self.0.compressed_from.is_some(), self.0.compressed_from.unwrap_or_default());
        let asked = move |_: StatusCode, _: Version, _: &HeaderMap, _: &Extensions| asked;
        SizeAbove::new(from).and(NotForContentType::SSE).and(NotForContentType::IMAGES).and(asked)
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Body>, source: IpAddr) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let mut response = match self.0.routes.find(parts.method.as_str(), &path) {
            Some(found) => {
                self.ask(&parts, body, &found, source).await.unwrap_or_else(|r| self.0.answers.answer(r))
            }
            None => self.without_function(&parts).await,
        };
        self.0.edge.add(&path, response.headers_mut());
        response
    }

    async fn without_function(&self, parts: &Parts) -> Response<Body> {
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        let path = parts.uri.path();
        let of_the_api = path.starts_with("/api/") || path.starts_with("/twilio/");
        let file = if reads && !of_the_api { self.0.web.answer(path, &parts.headers).await } else { None };
        file.unwrap_or_else(|| self.0.answers.answer(Reason::NoRoute))
    }

    async fn ask(
        &self,
        parts: &Parts,
        body: Body,
        found: &Match<'_>,
        source: IpAddr,
    ) -> Result<Response<Body>, Reason> {
        let body = whole(body).await?;
        let now = self.0.clock.now();
        let request_id = self.0.entropy.ulid(now).to_string();
        let around =
            Circumstances { source, request_id: &request_id, at: now.millis(), binary: &self.0.binary };
        let event = event::event(parts, &body, found, &around).to_string();
        if event.len() > PAYLOAD_LIMIT {
            return Err(Reason::TooLarge);
        }
        let route = &found.mounted.route;
        let answered = found.mounted.invoker.respond(event, route.timeout).await;
        let response = answered.map_err(|error| failed(found, &request_id, &error))?;
        if route.streamed { Ok(response) } else { buffered(response).await }
    }
}

fn failed(found: &Match<'_>, request_id: &str, error: &InvokeError) -> Reason {
    let (function, route) = (found.mounted.invoker.name(), &found.mounted.route.path);
    tracing::error!(function, route, request_id, %error, "a request brought no answer");
    match error {
        InvokeError::TimedOut(_) => Reason::TimedOut,
        InvokeError::Failed(_) | InvokeError::Panicked => Reason::Failed,
    }
}

/// The whole body. What is too long is read to its end all the same, within bounds: a client that is still
/// sending would not see the answer.
async fn whole(body: Body) -> Result<Vec<u8>, Reason> {
    let (mut pieces, mut kept, mut length) = (body.into_data_stream(), Vec::new(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Reason::TooLarge)?;
        length += piece.len();
        if length > PATIENCE_LIMIT {
            break;
        }
        if length <= PAYLOAD_LIMIT {
            kept.extend_from_slice(&piece);
        }
    }
    if length > PAYLOAD_LIMIT { Err(Reason::TooLarge) } else { Ok(kept) }
}

async fn buffered(response: Response<Body>) -> Result<Response<Body>, Reason> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, PAYLOAD_LIMIT).await.map_err(|error| {
        tracing::error!(%error, "an answer broke off, or is larger than Lambda gives");
        Reason::Failed
    })?;
    Ok(Response::from_parts(parts, Body::from(body)))
}
