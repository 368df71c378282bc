//! The OpenAPI document: what every operation may answer beyond its own words, who may ask, and the shapes of
//! the live feed, which another function serves under the same contract.
//!
//! The document is committed as `openapi.json`; a test fails when it is stale.

use porchlight_api::live::{
    LiveConversation, LiveMessage, LivePresence, LiveReady, LiveReload, LiveRemoved, LiveStaff, LiveTemplates,
};
use porchlight_api::{Counts, ProblemShape};
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr};
use utoipa::{IntoParams, OpenApi};

/// What stands around the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Porchlight",
        description = "The API behind the shared inbox of a field-service business. Times are RFC 3339 in UTC \
            with milliseconds; ids are ULIDs, except a conversation's. Errors are RFC 9457 problems.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(live),
    components(schemas(
        LiveReady, LiveMessage, LiveConversation, LiveRemoved, LivePresence, LiveReload, LiveTemplates, LiveStaff,
        Counts, ProblemShape,
    )),
    tags(
        (name = "session", description = "Signing in and out"),
        (name = "conversations", description = "The list, the thread, and what is done with them"),
        (name = "directory", description = "Customers, contact points, jobs and who works on them"),
        (name = "devices", description = "Where somebody is woken, and for what"),
        (name = "staff", description = "Who works here, what they may do, and how somebody comes to"),
        (name = "templates", description = "Texts that the business keeps, and its quick replies"),
        (name = "quarantine", description = "What came in and could not be understood"),
        (name = "live", description = "Server-sent events"),
        (name = "service", description = "The service itself"),
    ),
)]
pub struct Frame;

/// The committed document.
pub const COMMITTED: &str = include_str!("../openapi.json");

/// The name of the session's cookie on http and on https.
const COOKIES: [(&str, &str); 2] = [("cookie", "porchlight"), ("secure_cookie", "__Host-porchlight")];

/// Answers that are the same wherever they can occur.
const COMMON: [(&str, &str, &str); 10] = [
    ("400", "BadRequest", "The request cannot be read."),
    ("401", "Unauthenticated", "Nobody is signed in."),
    ("403", "Forbidden", "Not allowed, or asked from another site."),
    ("404", "NotFound", "Nothing of that name, or not yours to see."),
    ("413", "TooLarge", "The body is too large."),
    ("415", "NotJson", "The body is no JSON."),
    ("422", "Unprocessable", "The request can be read, and is wrong."),
    ("429", "TooMany", "Too many requests, or too many failed attempts; `Retry-After` tells when."),
    ("500", "Internal", "Something broke on our side."),
    ("503", "Unavailable", "Try again shortly."),
];

/// The query of the live feed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only documents what the live function reads")]
struct LiveQuery {
    /// Where to resume; `Last-Event-ID` does the same.
    #[param(required = false, max_length = 26)]
    cursor: Option<String>,
}

/// Everything that happens, as server-sent events
///
/// Each event has `event:` (its type), `data:` (JSON) and, where a client can resume after it, `id:` (its
/// cursor). First comes `ready` (`LiveReady`). Then `message.created` and `message.updated` (`LiveMessage`),
/// `conversation.updated` (`LiveConversation`), `conversation.removed` (`LiveRemoved`), `presence` (`LivePresence`),
/// `templates.updated` (`LiveTemplates`), `staff.updated` (`LiveStaff`), `counts` (`Counts`) and `reload` (`LiveReload`). A
/// comment line every 15 s keeps the connection.
#[utoipa::path(
    get,
    path = "/api/live",
    operation_id = "live",
    tag = "live",
    params(LiveQuery),
    responses((status = 200, description = "The stream", body = String, content_type = "text/event-stream")),
)]
#[expect(dead_code, reason = "only documents what the live function serves")]
fn live() {}

/// The document of the routes as they are now.
pub fn document() -> Document {
    let (_, document) = crate::routes::all().split_for_parts();
    complete(document)
}

/// Adds what all operations share: the ways to sign in, and the answers that come from around the handlers.
fn complete(mut document: Document) -> Document {
    let components = document.components.get_or_insert_default();
    for (scheme, cookie) in COOKIES {
        let described = ApiKeyValue::with_description(cookie, "Made by POST /api/session.");
        components.add_security_scheme(scheme, SecurityScheme::ApiKey(ApiKey::Cookie(described)));
    }
    for (_, name, description) in COMMON {
        components.responses.insert(name.to_owned(), RefOr::T(problem(description)));
    }
    for item in document.paths.paths.values_mut() {
        complete_item(item);
    }
    document
}

fn problem(description: &str) -> Response {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

fn complete_item(item: &mut PathItem) {
    let safe =
        [(&mut item.get, true), (&mut item.put, false), (&mut item.post, false), (&mut item.delete, false)];
    for (operation, is_safe) in safe {
        if let Some(operation) = operation {
            complete_operation(operation, is_safe);
        }
    }
}

fn complete_operation(operation: &mut Operation, is_safe: bool) {
    // An operation that says `security(())` is open to everybody.
    let is_open = operation.security.is_some();
    if !is_open {
        let ways = COOKIES.map(|(scheme, _)| SecurityRequirement::new(scheme, Vec::<String>::new()));
        operation.security = Some(ways.into());
    }
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let has = |place: &ParameterIn| {
        parameters.iter().any(|parameter| matches!(parameter, RefOr::T(p) if p.parameter_in == *place))
    };
    let has_body = operation.request_body.is_some();
    let possible = [
        ("400", has_body || has(&ParameterIn::Query)),
        ("401", !is_open),
        ("403", !is_safe),
        ("404", has(&ParameterIn::Path)),
        ("413", has_body),
        ("415", has_body),
        ("422", has_body),
        ("429", true),
        ("500", true),
        ("503", true),
    ];
    for (status, _) in possible.into_iter().filter(|(_, can)| *can) {
        add_common(operation, status);
    }
}

fn add_common(operation: &mut Operation, status: &str) {
    let (_, name, _) =
        COMMON.iter().find(|(known, ..)| *known == status).expect("every status is in the list");
    let shared = RefOr::Ref(Ref::from_response_name(*name));
    operation.responses.responses.entry(status.to_owned()).or_insert(shared);
}
