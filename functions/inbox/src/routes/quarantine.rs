//! `GET /api/quarantine`, `POST /api/quarantine/{id}/replay`: what came in and could not be understood (P1).

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use porchlight_api::ProblemShape;
use porchlight_channel::Glimpse;
use porchlight_desk::intake::{IntakeError, Replayed};
use porchlight_domain::access::KeepTray;
use porchlight_domain::id::ConversationId;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use porchlight_store::inbound::ReceiptState;
use porchlight_store::receipts::{Receipt, ReceiptKey, Tray, TrayCursor};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Inbox;
use crate::ask::{Asked, Checked, MaybeBody, Named, Wrong, lies_within};
use crate::routes::conversations::ActCommand;

/// The longest id that a receipt of ours can have.
const LONGEST_ID: usize = 400;

/// Which part of the tray.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrayQuery {
    /// Not understood, or not genuine.
    #[serde(default)]
    #[param(inline, required = false)]
    tray: TrayWord,
    /// `next_cursor` of the page before.
    #[param(required = false, max_length = 2000)]
    cursor: Option<String>,
    /// How many at most.
    #[serde(default = "usual_limit")]
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: usize,
}

const fn usual_limit() -> usize {
    50
}

/// A part of the tray.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrayWord {
    /// Genuine, but not understood or matched.
    #[default]
    Quarantined,
    /// The signature was wrong; they expire.
    Unverified,
}

impl Checked for TrayQuery {
    fn check(&self) -> Result<(), Wrong> {
        lies_within("limit", self.limit, 1, 200)
    }
}

/// A page of the tray.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuarantinePage)]
pub struct TrayPage {
    /// Newest first.
    pub items: Vec<ReceiptView>,
    /// Give it back as `cursor` for the next page; absent at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A webhook that waits for a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuarantineItem)]
pub struct ReceiptView {
    /// Names it for the replay.
    pub id: String,
    /// Why it waits.
    #[schema(required)]
    pub reason: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
    /// Who it says it is from.
    #[schema(required)]
    pub from: Option<String>,
    /// Who it says it is to.
    #[schema(required)]
    pub to: Option<String>,
    /// What it says.
    #[schema(required)]
    pub text: Option<String>,
}

/// What came of a replay.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayAnswer {
    /// Whether what it says is in the inbox now.
    pub applied: bool,
    /// Why it still waits, when it does.
    #[schema(required)]
    pub reason: Option<String>,
    /// Where it is now, when it is about a conversation.
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
}

/// What came in and could not be understood
///
/// An admin's to see.
#[utoipa::path(
    get, path = "/api/quarantine", operation_id = "listQuarantine", tag = "quarantine",
    params(TrayQuery),
    responses(
        (status = 200, description = "A page of the tray", body = TrayPage),
        (status = 403, description = "An admin's to see", body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn list(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepTray>,
    Asked(query): Asked<TrayQuery>,
) -> Result<Json<TrayPage>, Problem> {
    let tray = match query.tray {
        TrayWord::Quarantined => Tray::Quarantined,
        TrayWord::Unverified => Tray::Unverified,
    };
    let cursor = query.cursor.as_deref().map(open).transpose()?;
    let (receipts, next) =
        inbox.store.tray(&who.business.id, tray, cursor.as_ref(), query.limit, inbox.now()).await?;
    let items = receipts.iter().map(|receipt| view(receipt, inbox.intake.glimpse(receipt))).collect();
    Ok(Json(TrayPage { items, next_cursor: next.as_ref().map(seal) }))
}

/// Try once more to understand it
#[utoipa::path(
    post, path = "/api/quarantine/{id}/replay", operation_id = "replay", tag = "quarantine",
    params(("id" = String, Path, min_length = 1, max_length = 400)),
    request_body = Option<ActCommand>,
    responses(
        (status = 200, description = "What came of it", body = ReplayAnswer),
        (status = 409, description = "Its signature is still wrong",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn replay(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepTray>,
    Named(id): Named<String>,
    _command: MaybeBody<ActCommand>,
) -> Result<Json<ReplayAnswer>, Problem> {
    // The receipt is its own command pointer: a replay of what was applied changes nothing (P2).
    let key = ReceiptKey::parse(&who.business.id, &id).filter(|_| id.len() <= LONGEST_ID);
    let key = key.ok_or_else(Problem::not_found)?;
    match inbox.intake.replay(&key).await.map_err(not_now)? {
        Replayed::NotFound => Err(Problem::not_found()),
        Replayed::NotGenuine => Err(Problem::conflict("not-genuine", "Its signature is still wrong")),
        Replayed::InInbox(conversation_id) => {
            Ok(Json(ReplayAnswer { applied: true, reason: None, conversation_id }))
        }
        Replayed::NotYet => Err(Problem::unavailable()),
        Replayed::StillWaits(misfit) => {
            let reason = Some(misfit.to_string());
            Ok(Json(ReplayAnswer { applied: false, reason, conversation_id: None }))
        }
    }
}

fn not_now(error: IntakeError) -> Problem {
    match error {
        IntakeError::Store(error) if !error.is_worth_rereading() => error.into(),
        error => {
            tracing::error!(
                error = &error as &(dyn std::error::Error + 'static),
                "a receipt could not be replayed"
            );
            Problem::unavailable()
        }
    }
}

/// The store binds the cursor to the tray and the business.
fn open(token: &str) -> Result<TrayCursor, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Problem::foreign_cursor())?;
    serde_json::from_slice(&bytes).map_err(|_| Problem::foreign_cursor())
}

fn seal(cursor: &TrayCursor) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).expect("a cursor is plain data"))
}

fn view(receipt: &Receipt, Glimpse { from, to, text }: Glimpse) -> ReceiptView {
    let reason = match &receipt.state {
        ReceiptState::Quarantined { reason } => Some(reason.clone()),
        ReceiptState::Unapplied | ReceiptState::Applied => None,
    };
    ReceiptView { id: receipt.key.to_string(), reason, received_at: receipt.received_at, from, to, text }
}
