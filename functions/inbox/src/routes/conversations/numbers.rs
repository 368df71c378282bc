//! `GET /api/conversations/{id}/numbers`: where else the customer can be texted.

use axum::Json;
use axum::extract::State;
use porchlight_desk::OtherNumber;
use porchlight_desk::send::admins;
use porchlight_domain::id::ConversationId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::{problem, sentence};
use crate::view::detail::CanSend;

/// The other numbers of a conversation's customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherNumbers {
    /// The last used first.
    pub numbers: Vec<OtherNumberView>,
}

/// Another number of the customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OtherNumber)]
pub struct OtherNumberView {
    /// The number.
    pub contact: ContactPoint,
    /// "Maria's cell".
    #[schema(required)]
    pub label: Option<String>,
    /// Its own thread, where what is sent there goes; none yet where it was never used.
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
    /// When that was last used.
    #[schema(required)]
    pub last_used_at: Option<Timestamp>,
    /// Nobody there has ever written or agreed to texts: beginning a conversation asks for it.
    pub needs_consent: bool,
    /// Whether the viewer may write there.
    pub can_send: CanSend,
}

/// The other numbers of the same customer
///
/// Those that the viewer may see, the last used first. What is sent there goes to that number's own thread.
#[utoipa::path(
    get, path = "/api/conversations/{id}/numbers", operation_id = "otherNumbers", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, description = "The numbers", body = OtherNumbers)),
)]
pub async fn numbers(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
) -> Result<Json<OtherNumbers>, Problem> {
    let found = inbox.desk.other_numbers(&who, &id).await.map_err(problem)?;
    let admins = admins(&inbox.colleagues.of(&who.business.id).await?);
    let numbers = found.into_iter().map(|number| view(number, &admins)).collect();
    Ok(Json(OtherNumbers { numbers }))
}

fn view(number: OtherNumber, admins: &[String]) -> OtherNumberView {
    let OtherNumber { link, conversation, last_used_at, needs_consent, obstacle } = number;
    OtherNumberView {
        contact: link.contact,
        label: link.label,
        conversation_id: last_used_at.map(|_| conversation),
        last_used_at,
        needs_consent,
        can_send: obstacle
            .map_or(CanSend::YES, |obstacle| CanSend::no(obstacle.into(), sentence(obstacle, admins))),
    }
}
