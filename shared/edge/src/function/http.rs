//! HTTP requests: what API Gateway's REST proxy integration sends, and the two ways to answer.

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use http::Response;
use http::header::{Entry, SET_COOKIE};
use lambda_http::Adapter;
use lambda_http::request::LambdaRequest;
use lambda_runtime::{LambdaEvent, MetadataPrelude, StreamResponse, service_fn};
use serde_json::Value;
use tower::ServiceExt as _;

use super::{BoxError, EventError, Kind};
use crate::origin::Origin;

/// A body, piece by piece.
pub(super) type Flow = BoxStream<'static, Result<Bytes, axum::Error>>;

/// Answers requests.
#[derive(Clone)]
pub(super) struct Http {
    router: Router,
    streamed: bool,
}

impl Http {
    pub(super) const fn whole(router: Router) -> Self {
        Self { router, streamed: false }
    }

    pub(super) const fn streamed(router: Router) -> Self {
        Self { router, streamed: true }
    }

    /// Only for who came by way of `origin`.
    pub(super) fn behind(self, origin: &Origin) -> Self {
        Self { router: origin.clone().guard(self.router), ..self }
    }

    pub(super) const fn kind(&self) -> Kind {
        if self.streamed { Kind::StreamedHttp } else { Kind::Http }
    }

    pub(super) async fn respond(&self, request: impl Into<lambda_http::Request>) -> Response<Body> {
        answer(self.router.clone(), request.into()).await
    }

    /// The whole response as API Gateway takes it.
    pub(super) async fn answer_whole(&self, event: LambdaEvent<Value>) -> Result<Value, BoxError> {
        let router = self.router.clone();
        let answering = service_fn(move |request| whole(router.clone(), request));
        Ok(serde_json::to_value(Adapter::from(answering).oneshot(request(event)?).await?)?)
    }

    /// Status and headers at once, the body as it is written.
    pub(super) async fn answer_flowing(
        &self,
        event: LambdaEvent<Value>,
    ) -> Result<StreamResponse<Flow>, EventError> {
        let (parts, body) = self.respond(request(event)?.payload).await.into_parts();
        let mut prelude =
            MetadataPrelude { headers: parts.headers, status_code: parts.status, cookies: Vec::new() };
        // API Gateway takes them in a list of their own.
        if let Entry::Occupied(cookies) = prelude.headers.entry(SET_COOKIE) {
            let (_, cookies) = cookies.remove_entry_mult();
            prelude.cookies = cookies.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()).collect();
        }
        Ok(StreamResponse { metadata_prelude: prelude, stream: body.into_data_stream().boxed() })
    }
}

async fn answer(router: Router, request: lambda_http::Request) -> Response<Body> {
    router.oneshot(request).await.unwrap_or_else(|never| match never {})
}

fn request(event: LambdaEvent<Value>) -> Result<LambdaEvent<LambdaRequest>, EventError> {
    let LambdaEvent { payload, context, .. } = event;
    Ok(LambdaEvent::new(read(serde_json::from_value(payload))?, context))
}

/// REST events name their stage, and lambda_http would put it before the path, where no route of ours is.
pub(super) fn read(event: serde_json::Result<LambdaRequest>) -> Result<LambdaRequest, EventError> {
    match event.map_err(|source| EventError::Unreadable { kind: Kind::Http, source })? {
        LambdaRequest::ApiGatewayV1(mut event) => {
            event.request_context.stage = Some("$default".to_owned());
            Ok(LambdaRequest::ApiGatewayV1(event))
        }
        other => Ok(other),
    }
}

/// Text where it is text, since API Gateway gets everything else in base64.
async fn whole(
    router: Router,
    request: lambda_http::Request,
) -> Result<Response<lambda_http::Body>, BoxError> {
    let (parts, body) = answer(router, request).await.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await?;
    let body = match String::from_utf8(bytes.into()) {
        Ok(text) => lambda_http::Body::Text(text),
        Err(binary) => lambda_http::Body::Binary(binary.into_bytes()),
    };
    Ok(Response::from_parts(parts, body))
}
