//! How far a command over many conversations is.

use porchlight_domain::bulk::{Bulk, BulkAct, LeftAlone, Step, Tally};
use porchlight_domain::id::{CommandId, ConversationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a command over many conversations is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BulkProgress)]
pub struct BulkView {
    /// The client's id of it.
    pub id: CommandId,
    /// What is done.
    pub act: BulkWord,
    /// Conversations of the snapshot; while `gathering`, those that are known so far.
    pub total: u32,
    /// The snapshot is not whole yet: nothing is done before it is.
    pub gathering: bool,
    /// Conversations that are as was asked for.
    pub done: u32,
    /// Those that were left as they are, by reason.
    pub failed: Vec<BulkFailed>,
    /// There is more to do: ask again.
    pub next: bool,
    /// Somebody stopped it, or took it back.
    pub stopped: bool,
    /// What was taken back; absent until somebody asks for that.
    #[schema(required)]
    pub undo: Option<BulkUndo>,
}

/// How far the taking back is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkUndo {
    /// Conversations that are as they were before.
    pub done: u32,
    /// Those that were left as they are, by reason.
    pub failed: Vec<BulkFailed>,
    /// There is more to take back: ask again.
    pub next: bool,
}

/// Conversations that were left as they are, for one reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkFailed {
    /// The reason.
    pub why: BulkReason,
    /// How many.
    pub count: u32,
    /// The first twenty of them.
    pub conversations: Vec<ConversationId>,
}

/// What is done with many conversations.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkWord {
    /// Read, for the viewer.
    Read,
    /// Needs nobody.
    Done,
    /// Closed.
    Close,
    /// Assigned.
    Assign,
    /// Put off.
    Snooze,
}

/// Why a conversation was left as it is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkReason {
    /// It is not there, or not the viewer's to see.
    NotFound,
    /// It is not theirs to do.
    Forbidden,
    /// Somebody wrote there after the command began.
    NewMessage,
    /// It is closed already: closing it changes nothing, and putting it off would open it.
    Closed,
    /// A job is ahead: closing would hide it from its crew, and is asked for by itself.
    JobAhead,
    /// The time until which it was to be put off has passed.
    TimePassed,
    /// The person no longer works here.
    UnknownStaff,
    /// Of what is taken back: it was changed since.
    Changed,
}

impl From<Bulk> for BulkView {
    fn from(bulk: Bulk) -> Self {
        let more_back = bulk.next_back().is_some();
        let failed = |tally: &Tally| failed(tally, &bulk.act);
        let undo = |back: &Tally| BulkUndo { done: back.done, failed: failed(back), next: more_back };
        Self {
            act: (&bulk.act).into(),
            total: bulk.rows,
            gathering: bulk.next() == Step::Lay,
            done: bulk.work.done,
            failed: failed(&bulk.work),
            next: bulk.next() != Step::Nothing,
            stopped: bulk.stopped,
            undo: bulk.back.as_ref().map(undo),
            id: bulk.id,
        }
    }
}

/// Whoever is off is not told which conversations were theirs: they may not see them (P7).
fn failed(tally: &Tally, act: &BulkAct) -> Vec<BulkFailed> {
    let is_told = !matches!(act, BulkAct::Release { .. });
    let named = |ids: Vec<ConversationId>| if is_told { ids } else { Vec::new() };
    let left = tally.left.iter().cloned();
    left.map(|it| BulkFailed { why: it.why.into(), count: it.count, conversations: named(it.conversations) })
        .collect()
}

impl From<&BulkAct> for BulkWord {
    fn from(act: &BulkAct) -> Self {
        match act {
            BulkAct::Read => Self::Read,
            BulkAct::Done => Self::Done,
            BulkAct::Close => Self::Close,
            BulkAct::Assign { .. } | BulkAct::Release { .. } => Self::Assign,
            BulkAct::Snooze { .. } => Self::Snooze,
        }
    }
}

impl From<LeftAlone> for BulkReason {
    fn from(why: LeftAlone) -> Self {
        match why {
            LeftAlone::NotFound => Self::NotFound,
            LeftAlone::Forbidden => Self::Forbidden,
            LeftAlone::NewMessage => Self::NewMessage,
            LeftAlone::Closed => Self::Closed,
            LeftAlone::JobAhead => Self::JobAhead,
            LeftAlone::TimePassed => Self::TimePassed,
            LeftAlone::UnknownStaff => Self::UnknownStaff,
            LeftAlone::Changed => Self::Changed,
        }
    }
}
