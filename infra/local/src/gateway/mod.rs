//! API Gateway and CloudFront on one machine: each request becomes the event that AWS would send.
//!
//! # Layout
//!
//! [`routes`] chooses the function, [`event`] makes the event, [`answers`] are API Gateway's own answers,
//! [`bucket`] stands for S3 where browsers post files, [`edge`] adds CloudFront's headers, [`web`] serves the web app's files, [`server`] listens. [`limits`] says
//! what callers may take; [`connections`] and [`bodies`] hold them to it. [`proxies`] says who calls.

pub mod answers;
pub mod bodies;
pub mod bucket;
pub mod connections;
pub mod edge;
pub mod event;
pub mod limits;
pub mod proxies;
pub mod routes;
pub mod server;
pub mod web;

use std::net::IpAddr;
use std::sync::Arc;

use answers::{Answers, Reason};
use axum::body::{Body, to_bytes};
use bodies::Bodies;
use bucket::BucketDoor;
use connections::{Answering, Seat};
use edge::EdgeHeaders;
use event::Circumstances;
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Request, Response, StatusCode, Version};
use http_body_util::BodyExt as _;
use limits::Limits;
use porchlight_edge::{Clock, Entropy};
use porchlight_engine::Engine;
use proxies::Proxies;
use routes::{Match, Routes};
use tower_http::compression::Predicate;
use tower_http::compression::predicate::{NotForContentType, SizeAbove};
use web::WebFiles;

use crate::invoker::InvokeError;

/// What Lambda takes and gives at once; streamed answers may be longer.
const PAYLOAD_LIMIT: usize = 6 * 1024 * 1024;

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
    /// Who is believed about callers.
    pub proxies: Proxies,
    /// What callers may take.
    pub limits: Limits,
    /// Reads bodies.
    pub bodies: Bodies,
    /// Whoever is told that something is done may count on it.
    pub store: Engine,
    /// Takes what browsers upload.
    pub bucket: BucketDoor,
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
    pub async fn answer(&self, request: Request<Body>, caller: &Caller) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        if BucketDoor::is_at(&path) && parts.method == Method::POST {
            // Another address on AWS: CloudFront adds nothing there.
            return caller.holding(self.0.bucket.take(&parts.headers, body, self.0.clock.now()).await);
        }
        let mut response = match self.0.routes.find(parts.method.as_str(), &path) {
            Some(found) => {
                self.ask(&parts, body, &found, caller).await.unwrap_or_else(|r| self.0.answers.answer(r))
            }
            None => caller.holding(self.without_function(&parts).await),
        };
        self.0.edge.add(&path, response.headers_mut());
        response
    }

    /// What callers may take.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
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
        caller: &Caller,
    ) -> Result<Response<Body>, Reason> {
        let longest = found.mounted.invoker.longest_body().unwrap_or(PAYLOAD_LIMIT).min(PAYLOAD_LIMIT);
        let body = self.0.bodies.whole(&parts.headers, body, longest).await?;
        let answering = caller.seat.answering();
        let now = self.0.clock.now();
        let request_id = self.0.entropy.ulid(now).to_string();
        let around = Circumstances {
            source: self.0.proxies.caller(caller.address, &parts.headers),
            request_id: &request_id,
            at: now.millis(),
            binary: &self.0.binary,
        };
        let event = event::event(parts, &body.bytes, found, &around).to_string();
        if event.len() > PAYLOAD_LIMIT {
            return Err(Reason::TooLarge);
        }
        let route = &found.mounted.route;
        let answered = found.mounted.invoker.respond(event, route.timeout).await;
        let response = answered.map_err(|error| failed(found, &request_id, &error))?;
        self.safe(parts, found, &request_id).await?;
        let response = if route.streamed { response } else { buffered(response).await? };
        Ok(held_until_sent(response, answering))
    }
}

impl Gateway {
    /// An answer may rest on what was only read: that the same was asked before. It comes after the flush of that, too.
    async fn safe(&self, parts: &Parts, found: &Match<'_>, request_id: &str) -> Result<(), Reason> {
        if matches!(parts.method, Method::GET | Method::HEAD) {
            return Ok(());
        }
        let settled = self.0.store.settled().await;
        settled.map_err(|error| failed(found, request_id, &InvokeError::Failed(error.into())))
    }
}

/// Who asks, and on which connection.
#[derive(Clone)]
pub struct Caller {
    /// Their address.
    pub address: IpAddr,
    /// Their place.
    pub seat: Arc<Seat>,
}

impl Caller {
    /// The connection stays theirs until the answer is sent.
    fn holding(&self, response: Response<Body>) -> Response<Body> {
        held_until_sent(response, self.seat.answering())
    }
}

fn held_until_sent(response: Response<Body>, answering: Answering) -> Response<Body> {
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _held = &answering;
            frame
        }))
    })
}

fn failed(found: &Match<'_>, request_id: &str, error: &InvokeError) -> Reason {
    let (function, route) = (found.mounted.invoker.name(), &found.mounted.route.path);
    tracing::error!(function, route, request_id, %error, "a request brought no answer");
    match error {
        InvokeError::TimedOut(_) => Reason::TimedOut,
        InvokeError::Failed(_) | InvokeError::Panicked => Reason::Failed,
    }
}

async fn buffered(response: Response<Body>) -> Result<Response<Body>, Reason> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, PAYLOAD_LIMIT).await.map_err(|error| {
        tracing::error!(%error, "an answer broke off, or is larger than Lambda gives");
        Reason::Failed
    })?;
    Ok(Response::from_parts(parts, Body::from(body)))
}
