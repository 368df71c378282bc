//! Commands that repeat themselves (PROTOCOLS §5, P9): acts that carry a client's id.
//!
//! A repeat is answered with how things are now, and does nothing. Without an id every act is still harmless
//! to repeat at once; the id is what keeps a late repeat from undoing what others did since.

use porchlight_domain::bulk::{Bulk, BulkAct, Row, RowCommand, Trace, row_command};
use porchlight_domain::command::Fingerprint;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{BusinessId, CommandId};
use porchlight_domain::time::Timestamp;
use porchlight_store::Commit;
use porchlight_store::vault::CommandRecord;

use crate::{Desk, Refusal};

/// A command with its client's id.
pub struct Command {
    record: Option<CommandRecord>,
    of: Option<OfBulk>,
}

/// The bulk command that a row's command is part of.
struct OfBulk {
    act: BulkAct,
    /// The place of the newest message in the row, when the command began.
    since: u64,
}

impl Desk {
    /// The command of this id; `parts` are what it asks for, its kind first.
    pub(crate) fn command<P: AsRef<[u8]>>(
        &self,
        business: &BusinessId,
        id: Option<CommandId>,
        parts: &[P],
    ) -> Command {
        let fingerprint = Fingerprint::of(parts);
        let (business, at) = (business.clone(), self.now());
        let record = |id| CommandRecord { business, id, fingerprint, at, trace: None, ends_at: None };
        Command { record: id.map(record), of: None }
    }

    /// What a bulk command does with one of its rows, or undoes: a command like any, with an id that is derived.
    pub(crate) fn command_of_row(
        &self,
        business: &BusinessId,
        bulk: &Bulk,
        kind: RowCommand,
        Row { conversation, said }: &Row,
    ) -> Command {
        let id = row_command(&bulk.id, kind, conversation);
        let parts = ["bulk row", bulk.id.as_str(), conversation.as_str()];
        let mut command = self.command(business, Some(id), &parts);
        if let Some(record) = &mut command.record {
            record.ends_at = Some(bulk.ends_at());
        }
        let of = (kind == RowCommand::Work).then(|| OfBulk { act: bulk.act.clone(), since: *said });
        Command { of, ..command }
    }

    /// Whether it was carried out before; the same id with other content is refused.
    pub(crate) async fn was_done(&self, command: &Command) -> Result<bool, Refusal> {
        let Some(command) = &command.record else { return Ok(false) };
        match self.store.command(&command.business, &command.id).await? {
            None => Ok(false),
            Some(done) if done.fingerprint == command.fingerprint => Ok(true),
            Some(_) => Err(Refusal::UsedBefore),
        }
    }
}

impl Command {
    /// Joins the transaction of what it does.
    pub fn join<'s>(&self, commit: Commit<'s>) -> Commit<'s> {
        match &self.record {
            Some(command) => commit.command(command),
            None => commit,
        }
    }

    /// The same; of a bulk command with what it changes here, so that it can be put back.
    pub fn join_with<'s>(&self, commit: Commit<'s>, trace: impl FnOnce() -> Trace) -> Commit<'s> {
        match self.record.as_ref().filter(|_| self.of.is_some()) {
            Some(command) => commit.command(&CommandRecord { trace: Some(trace()), ..command.clone() }),
            None => self.join(commit),
        }
    }

    /// A bulk command leaves some of its rows alone.
    pub fn takes(&self, row: &Conversation, now: Timestamp) -> Result<(), Refusal> {
        let left = self.of.as_ref().and_then(|of| of.act.leaves(row, of.since, now));
        left.map_or(Ok(()), |why| Err(Refusal::LeftAlone(why)))
    }

    /// Keeps a command that changed nothing, so that a late repeat changes nothing either.
    pub async fn keep(&self, desk: &Desk) -> Result<(), Refusal> {
        self.forestall(desk).await.map(drop)
    }

    /// Keeps it, so that whoever is about to carry it out changes nothing; what it changed, where they were faster.
    pub async fn forestall(&self, desk: &Desk) -> Result<Option<Trace>, Refusal> {
        let Some(command) = &self.record else { return Ok(None) };
        match desk.store.put_command(command).await? {
            Some(other) if other.fingerprint != command.fingerprint => Err(Refusal::UsedBefore),
            done => Ok(done.and_then(|done| done.trace)),
        }
    }
}
