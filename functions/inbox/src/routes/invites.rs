//! `GET|POST /api/invites`, `DELETE /api/invites/{id}`: an admin's; `POST /api/invites/look|accept`: whoever has a link.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use porchlight_api::words::RoleWord;
use porchlight_api::{ProblemShape, StaffRef};
use porchlight_desk::{Joining, NewInvite};
use porchlight_domain::access::{KeepStaff, Person};
use porchlight_domain::id::InviteId;
use porchlight_domain::staff::{Invite, login_address};
use porchlight_edge::session::{May, Token};
use porchlight_edge::turns::Crowded;
use porchlight_edge::{Problem, password};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_length};
use crate::refusal::problem;
use crate::view::me::SessionStarted;
use crate::view::staff::{InviteList, InviteMade, InviteView, InvitedTo};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(revoke))
        .routes(routes!(look))
        .routes(routes!(accept))
}

/// The page that a link opens.
const PAGE: &str = "/invite";
/// What a password has at least.
const SHORTEST_PASSWORD: usize = 10;

/// Somebody to be invited.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteWanted {
    /// Made by the client. The same again makes another link in place of the first.
    pub id: InviteId,
    /// What they will sign in with.
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// What they will be.
    pub role: RoleWord,
    /// Of a technician: whether they will write to customers.
    #[serde(default)]
    #[schema(required = false)]
    pub full_chat_access: bool,
}

/// What a link holds after `#`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteToken {
    /// Told nobody else.
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
}

/// Whoever comes by a link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteAccepted {
    /// What the link holds after `#`.
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
    /// As colleagues will know them.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Their password from now on.
    #[schema(min_length = 10, max_length = 200)]
    pub password: String,
}

impl Checked for InviteWanted {
    fn check(&self) -> Result<(), Wrong> {
        has_length("email", &self.email, 3, 254)?;
        login_address(&self.email).map(drop).ok_or_else(|| Wrong::new("email must be an email address."))
    }
}

impl Checked for InviteToken {
    fn check(&self) -> Result<(), Wrong> {
        has_length("token", &self.token, 1, 100)
    }
}

impl Checked for InviteAccepted {
    fn check(&self) -> Result<(), Wrong> {
        has_length("token", &self.token, 1, 100)?;
        has_length("name", self.name.trim(), 1, 80)?;
        if self.name.contains(char::is_control) {
            return Err(Wrong::new("name must be one line of text."));
        }
        has_length("password", &self.password, SHORTEST_PASSWORD, 200)
    }
}

/// The invitations that are open
///
/// An admin's to see. One whose inviter may invite no longer has ended, and is not among them.
#[utoipa::path(
    get, path = "/api/invites", operation_id = "listInvites", tag = "staff",
    responses(
        (status = 200, description = "All of them", body = InviteList),
        (status = 403, description = "An admin's to see",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn list(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
) -> Result<Json<InviteList>, Problem> {
    let open = inbox.desk.invites(may, &who).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    let invites = open.iter().map(|invite| InviteView::new(invite, names.get(&invite.by))).collect();
    Ok(Json(InviteList { invites }))
}

/// Invite somebody by a link
///
/// An admin's to do. The link works once, for seven days, and as long as whoever made it stays an admin and
/// is not signed out everywhere; it is kept nowhere.
/// 409 `already-here`, `already-invited`, `too-many-invites`; 410 `invite-ended` where the invitation of this id is over.
#[utoipa::path(
    post, path = "/api/invites", operation_id = "invite", tag = "staff",
    request_body = InviteWanted,
    responses(
        (status = 200, description = "The invitation and its link", body = InviteMade),
        (status = 409, description = "They work here, or are invited, already",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 410, description = "The invitation of this id is over",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn make(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Body(wanted): Body<InviteWanted>,
) -> Result<Json<InviteMade>, Problem> {
    let token = Token::new(&inbox.entropy);
    let email = login_address(&wanted.email)
        .ok_or_else(|| Problem::unprocessable("invalid", "email must be an email address."))?;
    let new = NewInvite {
        id: wanted.id,
        email,
        role: wanted.role.into(),
        full_chat_access: wanted.full_chat_access,
        digest: token.digest(),
    };
    let invite: Invite = inbox.desk.invite(may, &who, &new).await.map_err(problem)?;
    let by = StaffRef { id: who.staff.id.clone(), name: who.staff.name.clone() };
    let link = format!("{}{PAGE}#{}", inbox.sessions.public_origin(), token.as_str());
    Ok(Json(InviteMade { invite: InviteView::new(&invite, by), link }))
}

/// Take an invitation back
///
/// An admin's to do. Its link works no more; nothing happens where there is none.
#[utoipa::path(
    delete, path = "/api/invites/{id}", operation_id = "revokeInvite", tag = "staff",
    params(("id" = InviteId, Path)),
    responses((status = 204, description = "There is none now")),
)]
pub async fn revoke(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Named(id): Named<InviteId>,
) -> Result<StatusCode, Problem> {
    inbox.desk.revoke_invite(may, &who, &id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a link invites to
///
/// For whoever has one. 410 `invite-ended` or `invite-used`.
#[utoipa::path(
    post, path = "/api/invites/look", operation_id = "lookAtInvite", tag = "staff", security(()),
    request_body = InviteToken,
    responses(
        (status = 200, description = "What it invites to", body = InvitedTo),
        (status = 410, description = "It does not work any more",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn look(
    State(inbox): State<Inbox>,
    Body(InviteToken { token }): Body<InviteToken>,
) -> Result<Json<InvitedTo>, Problem> {
    let invited = inbox.desk.invited(&Token::from(token).digest()).await.map_err(problem)?;
    Ok(Json(InvitedTo {
        business_name: invited.business.name,
        invited_by: invited.inviter.name,
        email: invited.invite.email,
        role: invited.invite.role.into(),
        ends_at: invited.invite.ends_at,
    }))
}

/// Come by a link
///
/// For whoever has one. They are signed in with it. 410 `invite-ended` or `invite-used`, 409 `address-taken`.
#[utoipa::path(
    post, path = "/api/invites/accept", operation_id = "acceptInvite", tag = "staff", security(()),
    request_body = InviteAccepted,
    responses(
        (status = 200, description = "They work here now, and are signed in", body = SessionStarted,
            headers(("Set-Cookie" = String, description = "The session"))),
        (status = 409, description = "Somebody signs in with the address by now",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 410, description = "It does not work any more",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn accept(
    State(inbox): State<Inbox>,
    Body(InviteAccepted { token, name, password }): Body<InviteAccepted>,
) -> Result<Response, Problem> {
    let digest = Token::from(token).digest();
    // Before the password is worked on: that takes long, and is for whoever has a link.
    let invited = inbox.desk.invited(&digest).await.map_err(problem)?;
    let password_hash = password::hash_aside(password, inbox.entropy.clone())
        .await
        .map_err(|Crowded| Problem::unavailable())?;
    let joining = Joining { digest, name: name.trim().to_owned(), password_hash };
    let staff = inbox.desk.join(&joining).await.map_err(problem)?;
    let cookie = inbox.sessions.begin(&staff).await?;
    let me = inbox.me(&Person::new(staff, invited.business)).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(SessionStarted { me })).into_response())
}
