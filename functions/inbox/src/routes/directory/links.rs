//! `PUT|DELETE /api/customers/{id}/contacts/{contact}`: who uses which contact point, dated. Linking and
//! unlinking never move messages.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::words::ChannelWord;
use porchlight_domain::access::KeepDirectory;
use porchlight_domain::channel::Channel;
use porchlight_domain::id::CustomerId;
use porchlight_domain::phone::ContactPoint;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_at_most, typed};
use crate::refusal::problem;
use crate::view::directory::LinkView;

/// How a customer uses a contact point.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkCommand {
    /// The channel; told by the contact point where it is left out.
    #[serde(default)]
    #[schema(required = false)]
    pub channel: Option<ChannelWord>,
    /// "Maria's cell".
    #[serde(default)]
    #[schema(max_length = 100)]
    pub label: Option<String>,
}

impl Checked for LinkCommand {
    fn check(&self) -> Result<(), Wrong> {
        has_at_most("label", self.label.as_deref(), 100)
    }
}

/// Link a contact point to a customer
#[utoipa::path(
    put, path = "/api/customers/{id}/contacts/{contact}", operation_id = "linkContact", tag = "directory",
    params(
        ("id" = CustomerId, Path),
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
    ),
    request_body = LinkCommand,
    responses((status = 200, description = "The link", body = LinkView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepDirectory>,
    Named((id, contact)): Named<(CustomerId, String)>,
    Body(command): Body<LinkCommand>,
) -> Result<Json<LinkView>, Problem> {
    let contact = typed(&contact)?;
    let channel = channel_of(&contact, command.channel.map(Into::into))?;
    let how = (channel, command.label.as_deref());
    let link = inbox.desk.link(may, &who.business.id, &id, &contact, how).await.map_err(problem)?;
    Ok(Json(link.into()))
}

/// "Not this person": unlink a contact point
///
/// Consent that was given by this person does not hold for whoever has the number now.
#[utoipa::path(
    delete, path = "/api/customers/{id}/contacts/{contact}", operation_id = "unlinkContact", tag = "directory",
    params(
        ("id" = CustomerId, Path),
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
    ),
    responses((status = 204, description = "Not linked now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepDirectory>,
    Named((id, contact)): Named<(CustomerId, ContactPoint)>,
) -> Result<StatusCode, Problem> {
    inbox.desk.unlink(may, &who, &id, &contact).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The channel that fits the contact point.
fn channel_of(contact: &ContactPoint, wanted: Option<Channel>) -> Result<Channel, Problem> {
    let is_address = contact.as_str().contains('@');
    match wanted {
        None => Ok(if is_address { Channel::Email } else { Channel::Sms }),
        Some(channel @ Channel::Email) if is_address => Ok(channel),
        Some(channel @ Channel::Sms) if !is_address => Ok(channel),
        Some(channel @ Channel::Portal) => Ok(channel),
        Some(_) => {
            Err(Problem::unprocessable("wrong-channel", "This contact point is not used on that channel."))
        }
    }
}
