//! `POST|DELETE /api/session`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use porchlight_api::ProblemShape;
use porchlight_domain::access::Person;
use porchlight_domain::staff::Staff;
use porchlight_edge::turns::Crowded;
use porchlight_edge::{Problem, password};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong, has_length};
use crate::guessing::Attempt;
use crate::refusal::problem;
use crate::view::me::SessionStarted;

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
/// many, slowed down or refused for a while.
#[utoipa::path(
    post, path = "/api/session", operation_id = "signIn", tag = "session", security(()),
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = SessionStarted,
            headers(("Set-Cookie" = String, description = "The session"))),
        (status = 401, description = "Wrong address or password",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_in(
    State(inbox): State<Inbox>,
    headers: HeaderMap,
    Body(attempt): Body<SignIn>,
) -> Result<Response, Problem> {
    let counted = Attempt::new(&attempt.email, &headers);
    inbox.refuse_guessing(&counted).await?;
    let staff = inbox.store.staff_by_login(attempt.email.trim()).await?.filter(|it| it.disabled_at.is_none());
    let Some(staff) = verified(staff, attempt.password).await? else {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong-credentials", "Wrong address or password"));
    };
    inbox.hold_nothing_against(&counted).await?;
    inbox.begin(staff).await
}

// Open to everybody: with a session that has ended, too, the cookie is to be forgotten.
/// Sign out
///
/// The devices that were registered in this session are woken no more.
#[utoipa::path(
    delete, path = "/api/session", operation_id = "signOut", tag = "session", security(()),
    responses((status = 204, description = "Signed out",
        headers(("Set-Cookie" = String, description = "Forgets the session")))),
)]
pub async fn sign_out(State(inbox): State<Inbox>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(who) = inbox.sessions.find(&headers).await? {
        let removed = inbox.desk.remove_devices_of_session(&who, &who.session).await.map_err(problem)?;
        for device in &removed {
            inbox.notifiers.forget(device).await;
        }
    }
    let cookie = inbox.sessions.end(&headers).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

impl Inbox {
    async fn begin(&self, staff: Staff) -> Result<Response, Problem> {
        let business = self.store.business(&staff.business).await?.ok_or_else(Problem::unauthenticated)?;
        let cookie = self.sessions.begin(&staff).await?;
        let started = SessionStarted { me: self.me(&Person::new(staff, business)).await? };
        Ok(([(header::SET_COOKIE, cookie)], Json(started)).into_response())
    }
}

/// The person, if the password is theirs. Takes as long for nobody, so that addresses cannot be told apart.
async fn verified(staff: Option<Staff>, password: String) -> Result<Option<Staff>, Problem> {
    let hash = staff.as_ref().map_or(password::NOBODYS, |staff| &staff.password_hash).to_owned();
    let matches = password::matches_aside(password, hash).await.map_err(|Crowded| Problem::unavailable())?;
    Ok(staff.filter(|_| matches))
}
