//! `GET /api/staff` and `PUT|POST /api/staff/{id}/…`: who works here, and what they may do. An admin's.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::ProblemShape;
use porchlight_api::words::RoleWord;
use porchlight_domain::access::{Grant, KeepStaff};
use porchlight_domain::id::{CommandId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, StaffChange};
use porchlight_edge::Problem;
use porchlight_edge::session::{May, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversations::ActCommand;
use crate::Inbox;
use crate::ask::{Body, Checked, MaybeBody, Named, Wrong};
use crate::refusal::problem;
use crate::view::staff::{StaffList, StaffMember};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(put_role))
        .routes(routes!(put_full_chat_access))
        .routes(routes!(put_disabled))
        .routes(routes!(put_phone))
        .routes(routes!(sign_out))
        .routes(routes!(put_technicians))
}

/// What somebody is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffRole {
    /// Made by the client: repeating the change with the same id undoes nothing that was done since.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// From now on.
    pub role: RoleWord,
}

/// "Allow full access to customer chats".
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FullChatAccess {
    /// Made by the client: repeating the change with the same id undoes nothing that was done since.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// Granted, or taken.
    pub allowed: bool,
}

/// Whether somebody works here no longer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffDisabled {
    /// Made by the client: repeating the change with the same id undoes nothing that was done since.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// No longer.
    pub disabled: bool,
}

/// Somebody's own phone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffPhone {
    /// Made by the client: repeating the change with the same id undoes nothing that was done since.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// As it is typed; `null` for none any more.
    #[serde(deserialize_with = "crate::ask::present")]
    #[schema(required, max_length = 64)]
    pub phone: Option<String>,
}

impl StaffPhone {
    fn read(&self) -> Result<Option<ContactPoint>, Wrong> {
        let Some(typed) = &self.phone else { return Ok(None) };
        let number = ContactPoint::typed(typed).map_err(|why| Wrong::new(why.to_string()))?;
        if !number.is_e164() || number.is_premium() {
            return Err(Wrong::new(
                "phone must be a whole number that takes texts, such as +1 207 555 0142.",
            ));
        }
        Ok(Some(number))
    }
}

impl Checked for StaffPhone {
    fn check(&self) -> Result<(), Wrong> {
        self.read().map(drop)
    }
}

/// Whether technicians are to text customers at all.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TechniciansTextCommand {
    /// Made by the client: repeating the change with the same id undoes nothing that was done since.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// Whether they may, each with their own permission.
    pub technicians_text: bool,
}

/// Whether technicians may text customers at all.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct TechniciansText {
    /// Whether they may, each with their own permission.
    pub technicians_text: bool,
}

impl Checked for StaffRole {}
impl Checked for FullChatAccess {}
impl Checked for StaffDisabled {}
impl Checked for TechniciansTextCommand {}

/// Who works here, and who did
///
/// An admin's to see.
#[utoipa::path(
    get, path = "/api/staff", operation_id = "listStaff", tag = "staff",
    responses(
        (status = 200, description = "Everybody", body = StaffList),
        (status = 403, description = "An admin's to see",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn list(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
) -> Result<Json<StaffList>, Problem> {
    let staff = inbox.desk.staff(may, &who.business.id).await.map_err(problem)?;
    Ok(Json(StaffList::new(&staff, &who.business)))
}

/// Say what somebody is to the inbox
///
/// An admin's to do. Who becomes a technician has not been granted the permission to write to customers; who was an admin
/// is signed out everywhere, and their invitations end. 409 `last-admin` where nobody else could manage the business.
#[utoipa::path(
    put, path = "/api/staff/{id}/role", operation_id = "putStaffRole", tag = "staff",
    params(("id" = StaffId, Path)),
    request_body = StaffRole,
    responses(
        (status = 200, description = "As they are now", body = StaffMember),
        (status = 409, description = "They are the only admin",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn put_role(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Named(id): Named<StaffId>,
    Body(StaffRole { id: command, role }): Body<StaffRole>,
) -> Result<Json<StaffMember>, Problem> {
    let role = Role::from(role);
    let person = inbox.change_staff(may, &who, &id, StaffChange::Role { role }, command).await?;
    if role != Role::Admin {
        inbox.sessions.end_old(&who.business.id, &id).await?;
    }
    Ok(Json(person))
}

/// Grant a technician "Allow full access to customer chats", or take it
///
/// An admin's to do. It widens nothing that they see. 422 `not-a-technician` for the office, who need none.
#[utoipa::path(
    put, path = "/api/staff/{id}/full-chat-access", operation_id = "putFullChatAccess", tag = "staff",
    params(("id" = StaffId, Path)),
    request_body = FullChatAccess,
    responses((status = 200, description = "As they are now", body = StaffMember)),
)]
pub async fn put_full_chat_access(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Named(id): Named<StaffId>,
    Body(FullChatAccess { id: command, allowed }): Body<FullChatAccess>,
) -> Result<Json<StaffMember>, Problem> {
    inbox.change_staff(may, &who, &id, StaffChange::FullChatAccess { allowed }, command).await.map(Json)
}

/// Say that somebody works here no longer, or again
///
/// An admin's to do. Whoever leaves is signed out everywhere at once, and is so still when they come back. 409
/// `last-admin` where nobody else could manage the business.
#[utoipa::path(
    put, path = "/api/staff/{id}/disabled", operation_id = "putStaffDisabled", tag = "staff",
    params(("id" = StaffId, Path)),
    request_body = StaffDisabled,
    responses(
        (status = 200, description = "As they are now", body = StaffMember),
        (status = 409, description = "They are the only admin",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn put_disabled(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Named(id): Named<StaffId>,
    Body(StaffDisabled { id: command, disabled }): Body<StaffDisabled>,
) -> Result<Json<StaffMember>, Problem> {
    let person = inbox.change_staff(may, &who, &id, StaffChange::Disabled { disabled }, command).await?;
    if disabled {
        inbox.sessions.end_old(&who.business.id, &id).await?;
    }
    Ok(Json(person))
}

/// Say what somebody's own phone is
///
/// An admin's to do. Texts from it come to their thread with the office, never among the leads; it is where they are texted
/// once they agree to that themselves: what they agreed to ends with the number. 409 `number-taken` where a colleague who
/// works here has it, or where it is a line of the business.
#[utoipa::path(
    put, path = "/api/staff/{id}/phone", operation_id = "putStaffPhone", tag = "staff",
    params(("id" = StaffId, Path)),
    request_body = StaffPhone,
    responses(
        (status = 200, description = "As they are now", body = StaffMember),
        (status = 409, description = "It is somebody else's",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn put_phone(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Named(id): Named<StaffId>,
    Body(said): Body<StaffPhone>,
) -> Result<Json<StaffMember>, Problem> {
    let phone = said.read().map_err(|wrong| Problem::unprocessable("invalid", wrong.sentence()))?;
    let person =
        inbox.desk.set_staff_phone(may, &who, &id, phone.as_ref(), said.id).await.map_err(problem)?;
    Ok(Json(StaffMember::new(&person, &who.business)))
}

/// Sign somebody out everywhere
///
/// An admin's to do: a phone was lost, or changed hands. The invitations that they made end
/// too. Repeated with the same id it ends nothing that began since.
#[utoipa::path(
    post, path = "/api/staff/{id}/sign-out", operation_id = "signOutEverywhere", tag = "staff",
    params(("id" = StaffId, Path)),
    request_body = Option<ActCommand>,
    responses((status = 204, description = "Every session of theirs has ended")),
)]
pub async fn sign_out(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Named(id): Named<StaffId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<StatusCode, Problem> {
    inbox.change_staff(may, &who, &id, StaffChange::SignedOut, command.id).await?;
    // Their epoch has ended all of them; what is cleared away here lets nobody in. A late repeat clears nothing that
    // lives.
    inbox.sessions.end_old(&who.business.id, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say whether technicians may text customers at all
///
/// An admin's to do. Each of them needs the permission as well.
#[utoipa::path(
    put, path = "/api/settings/technicians", operation_id = "putTechniciansText", tag = "staff",
    request_body = TechniciansTextCommand,
    responses((status = 200, description = "As it is now", body = TechniciansText)),
)]
pub async fn put_technicians(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepStaff>,
    Body(TechniciansTextCommand { id, technicians_text }): Body<TechniciansTextCommand>,
) -> Result<Json<TechniciansText>, Problem> {
    let business = inbox.desk.set_technicians_text(may, &who, technicians_text, id).await.map_err(problem)?;
    Ok(Json(TechniciansText { technicians_text: business.technicians_text }))
}

impl Inbox {
    async fn change_staff(
        &self,
        may: Grant<KeepStaff>,
        who: &SignedIn,
        id: &StaffId,
        change: StaffChange,
        command: Option<CommandId>,
    ) -> Result<StaffMember, Problem> {
        let person = self.desk.change_staff(may, who, id, change, command).await.map_err(problem)?;
        Ok(StaffMember::new(&person, &who.business))
    }
}
