//! `POST|DELETE /api/session`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use porchlight_domain::access::Viewer;
use porchlight_domain::staff::Staff;
use porchlight_edge::session::SignedIn;
use porchlight_edge::{Problem, password};
use porchlight_store::StoreError;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong, has_length};
use crate::view::me::SessionStarted;

/// Failed attempts on one address before more are refused for a while: from one place, and from everywhere, so
/// that a stranger neither guesses on nor easily locks somebody out.
const FAILURES_FROM_A_PLACE: u64 = 10;
const FAILURES_FROM_EVERYWHERE: u64 = 100;

/// How long failed attempts are held against an address.
const WINDOW: Duration = Duration::from_mins(15);

/// Who signs in, and how.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Their email address.
    #[schema(min_length = 1, max_length = 254)]
    pub email: String,
    /// Their password.
    #[schema(min_length = 1, max_length = 200)]
    pub password: String,
}

impl Checked for SignIn {
    fn check(&self) -> Result<(), Wrong> {
        has_length("email", &self.email, 1, 254)?;
        has_length("password", &self.password, 1, 200)
    }
}

/// Sign in
///
/// Answers with one cookie that is the session. Only failed attempts are counted and, when there are too
/// many, refused for a while.
#[utoipa::path(
    post, path = "/api/session", operation_id = "signIn", tag = "session", security(()),
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = SessionStarted,
            headers(("Set-Cookie" = String, description = "The session"))),
        (status = 401, description = "Wrong address or password",
            body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_in(
    State(inbox): State<Inbox>,
    headers: HeaderMap,
    Body(attempt): Body<SignIn>,
) -> Result<Response, Problem> {
    let counted = Counted::new(&attempt.email, &headers);
    inbox.refuse_guessing(&counted).await?;
    let staff = inbox.store.staff_by_login(attempt.email.trim()).await?.filter(|it| it.disabled_at.is_none());
    let Some(staff) = verified(staff, attempt.password).await else {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong-credentials", "Wrong address or password"));
    };
    inbox.hold_nothing_against(&counted).await?;
    inbox.begin(staff).await
}

// Open to everybody: with a session that has ended, too, the cookie is to be forgotten.
/// Sign out
#[utoipa::path(
    delete, path = "/api/session", operation_id = "signOut", tag = "session", security(()),
    responses((status = 204, description = "Signed out",
        headers(("Set-Cookie" = String, description = "Forgets the session")))),
)]
pub async fn sign_out(State(inbox): State<Inbox>, headers: HeaderMap) -> Result<Response, Problem> {
    let cookie = inbox.sessions.end(&headers).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

impl Inbox {
    /// Every attempt is counted before its password is looked at, so that many at once are no way around.
    async fn refuse_guessing(&self, counted: &Counted) -> Result<(), Problem> {
        let limits = [
            (&counted.from_here, FAILURES_FROM_A_PLACE),
            (&counted.from_everywhere, FAILURES_FROM_EVERYWHERE),
        ];
        for (digest, limit) in limits {
            if self.store.count_login(digest, WINDOW, self.now()).await? > limit {
                return Err(too_many_failures());
            }
        }
        Ok(())
    }

    /// Neither this attempt nor, from here, any before; what others tried elsewhere still counts.
    async fn hold_nothing_against(&self, counted: &Counted) -> Result<(), StoreError> {
        tokio::try_join!(
            self.store.clear_logins(&counted.from_here),
            self.store.take_back_login(&counted.from_everywhere),
        )
        .map(drop)
    }

    async fn begin(&self, staff: Staff) -> Result<Response, Problem> {
        let business = self.store.business(&staff.business).await?.ok_or_else(Problem::unauthenticated)?;
        let cookie = self.sessions.begin(&staff).await?;
        let viewer = Viewer::new(&staff, business.technicians_text);
        let who = SignedIn { viewer, staff, business, session: String::new() };
        let started = SessionStarted { me: self.me(&who).await? };
        Ok(([(header::SET_COOKIE, cookie)], Json(started)).into_response())
    }
}

fn too_many_failures() -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-failures", "Too many failed attempts")
        .detail("Try again in a quarter of an hour.")
        .retry_after(WINDOW.as_secs())
}

/// The person, if the password is theirs. Takes as long for nobody, so that addresses cannot be told apart.
async fn verified(staff: Option<Staff>, password: String) -> Option<Staff> {
    let hash = staff.as_ref().map_or(password::NOBODYS, |staff| &staff.password_hash).to_owned();
    let matches = password::matches_aside(password, hash).await;
    staff.filter(|_| matches)
}

/// Under what a failed attempt is counted: digests, so that neither address nor place is kept.
struct Counted {
    from_here: String,
    from_everywhere: String,
}

impl Counted {
    fn new(email: &str, headers: &HeaderMap) -> Self {
        let email = email.trim().to_lowercase();
        let digest = |text: String| hex::encode(Sha256::digest(text));
        Self {
            from_here: digest(format!("{email}\n{}", caller(headers).unwrap_or_default())),
            from_everywhere: digest(email),
        }
    }
}

/// Where the request came from: what CloudFront wrote before API Gateway wrote CloudFront. Without CloudFront
/// a client can claim any place; the count from everywhere holds then.
fn caller(headers: &HeaderMap) -> Option<&str> {
    let hops: Vec<&str> = headers.get("x-forwarded-for")?.to_str().ok()?.split(',').map(str::trim).collect();
    hops.get(hops.len().saturating_sub(2)).copied()
}
