//! Commands that repeat themselves (PROTOCOLS §5, P9): acts that carry a client's id.
//!
//! A repeat is answered with how things are now, and does nothing. Without an id every act is still harmless
//! to repeat at once; the id is what keeps a late repeat from undoing what others did since.

use porchlight_domain::command::Fingerprint;
use porchlight_domain::id::{BusinessId, CommandId};
use porchlight_store::Commit;
use porchlight_store::vault::CommandRecord;

use crate::{Desk, Refusal};

/// A command with its client's id.
pub struct Command(Option<CommandRecord>);

impl Desk {
    /// The command of this id; `parts` are what it asks for, its kind first.
    pub(crate) fn command<P: AsRef<[u8]>>(
        &self,
        business: &BusinessId,
        id: Option<CommandId>,
        parts: &[P],
    ) -> Command {
        let fingerprint = Fingerprint::of(parts);
        Command(id.map(|id| CommandRecord { business: business.clone(), id, fingerprint, at: self.now() }))
    }

    /// Whether it was carried out before; the same id with other content is refused.
    pub(crate) async fn was_done(&self, command: &Command) -> Result<bool, Refusal> {
        let Some(command) = &command.0 else { return Ok(false) };
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
        match &self.0 {
            Some(command) => commit.command(command),
            None => commit,
        }
    }

    /// Keeps a command that changed nothing, so that a late repeat changes nothing either.
    pub async fn keep(&self, desk: &Desk) -> Result<(), Refusal> {
        let Some(command) = &self.0 else { return Ok(()) };
        match desk.store.put_command(command).await? {
            Some(other) if other.fingerprint != command.fingerprint => Err(Refusal::UsedBefore),
            _ => Ok(()),
        }
    }
}
