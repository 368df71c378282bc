//! `POST /api/messages/{id}/elsewhere`: what did not arrive goes to another number of the same customer.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::MessageView;
use porchlight_api::ProblemShape;
use porchlight_desk::Elsewhere;
use porchlight_domain::id::MessageId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, MOST_EXACT, Named, Wrong, lies_within, typed};
use crate::refusal::problem;

/// To which other number.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ElsewhereCommand {
    /// Made by the client: the new message's; sending again with the same id is harmless.
    pub id: MessageId,
    /// Another number of the same customer.
    #[schema(min_length = 1, max_length = 254)]
    pub contact: String,
    /// The place of the newest message that the sender has seen in the thread where it did not arrive. Left out, nobody
    /// is asked whether a colleague has written there since.
    #[serde(default)]
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub seen_seq: Option<u64>,
}

impl Checked for ElsewhereCommand {
    fn check(&self) -> Result<(), Wrong> {
        lies_within("seen_seq", self.seen_seq.unwrap_or(0), 0, MOST_EXACT)
    }
}

/// Send it to another number of the same customer
///
/// For a message that failed, or is still `unknown` after a day. It goes to that number's own thread, which it begins
/// where there is none. 409 when that number opted out (`opted-out`) or texts do not reach it (`cannot-text`), when
/// the message is none to be sent again (`not-resendable`), and when a colleague has written since (`stale-send`).
#[utoipa::path(
    post, path = "/api/messages/{id}/elsewhere", operation_id = "sendElsewhere", tag = "conversations",
    params(("id" = MessageId, Path)),
    request_body = ElsewhereCommand,
    responses(
        (status = 202, description = "Queued, now or when this id first came", body = MessageView),
        (status = 409, description = "Something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn elsewhere(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(original): Named<MessageId>,
    Body(command): Body<ElsewhereCommand>,
) -> Result<(StatusCode, Json<MessageView>), Problem> {
    let contact = typed(&command.contact)?;
    let seen_seq = command.seen_seq;
    let new = Elsewhere { id: command.id, original, contact, seen_seq };
    let message = inbox.desk.send_elsewhere(&who, &new).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    Ok((StatusCode::ACCEPTED, Json(MessageView::new(&message, &names))))
}
