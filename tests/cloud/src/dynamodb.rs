//! The engine over HTTP, for binaries that know only an address: what `AWS_ENDPOINT_URL_DYNAMODB` names.

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use porchlight_engine::{Access, Engine};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A DynamoDB on a free loopback port, until it is dropped.
pub struct DynamoDb {
    /// `http://127.0.0.1:…`.
    pub url: String,
    server: JoinHandle<()>,
}

impl DynamoDb {
    /// Serves the tables of `engine`, as a role with `access` would find them.
    pub async fn serve(engine: &Engine, access: Access) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let app = Router::new().route("/", post(answer)).with_state(engine.connector(access));
        let server =
            tokio::spawn(async move { axum::serve(listener, app).await.expect("the listener stays up") });
        Self { url, server }
    }
}

impl Drop for DynamoDb {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(connector): State<SharedHttpConnector>, headers: HeaderMap, body: Bytes) -> Response {
    let mut request = HttpRequest::new(SdkBody::from(body));
    if let Some(target) = headers.get("x-amz-target").and_then(|value| value.to_str().ok()) {
        request.headers_mut().insert("x-amz-target", target.to_owned());
    }
    match connector.call(request).await {
        Ok(answer) => {
            let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
            let body = answer.body().bytes().unwrap_or_default().to_vec();
            (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], body).into_response()
        }
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}
