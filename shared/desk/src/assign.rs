//! Making a conversation somebody's. Whose it is says nothing about who may see it.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::bulk::Trace;
use porchlight_domain::conversation::Notice;
use porchlight_domain::id::{CommandId, ConversationId, StaffId};
use porchlight_domain::staff::Staff;

use crate::command::Command;
use crate::{Desk, Refusal, SeenMarked};

/// Whose a conversation is to be.
pub enum Assignee {
    /// Nobody's.
    Nobody,
    /// This person's, who works there.
    Colleague(Box<Staff>),
    /// Somebody's who does not work there, or no more.
    Stranger,
}

impl Assignee {
    /// Who it is to be, unless that is refused.
    pub(crate) fn colleague(&self) -> Result<Option<&Staff>, Refusal> {
        match self {
            Self::Nobody => Ok(None),
            Self::Colleague(person) => Ok(Some(person)),
            Self::Stranger => Err(Refusal::UnknownStaff),
        }
    }
}

impl Desk {
    /// Makes it this person's, or nobody's; how the conversation then is.
    pub async fn assign(
        &self,
        who: &Person,
        id: &ConversationId,
        to: Option<&StaffId>,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        let parts = ["assign", who.staff.id.as_str(), id.as_str(), to.map_or("", StaffId::as_str)];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(async || {
            let to = self.assignee(who, to).await?;
            self.try_assign(who, id, &to, &command).await
        })
        .await
    }

    pub(crate) async fn try_assign(
        &self,
        who: &Person,
        id: &ConversationId,
        to: &Assignee,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, Act::Assign)?;
        if self.was_done(command).await? {
            return self.marked(who, seen).await;
        }
        let person = to.colleague()?;
        let to = person.map(|person| &person.id);
        command.takes(&seen.conversation, self.now())?;
        if seen.conversation.assignee.as_ref() == to {
            command.keep(self).await?;
        } else {
            let was = seen.conversation.clone();
            seen.conversation.assign(to.cloned());
            let notice = Some(notice_of(who, person));
            let commit = self.store.commit(&who.business.id);
            let commit = self.changed(commit, Some(&who.staff.id), &mut seen.conversation, notice);
            command.join_with(commit, || Trace::shared(&was, &seen.conversation)).run().await?;
        }
        self.marked(who, seen).await
    }

    /// Whose it is to be, as things are now.
    pub(crate) async fn assignee(&self, who: &Person, to: Option<&StaffId>) -> Result<Assignee, Refusal> {
        let Some(to) = to else { return Ok(Assignee::Nobody) };
        let person = self.store.staff(&who.business.id, to).await?;
        let works = person.filter(|person| person.disabled_at.is_none());
        Ok(works.map_or(Assignee::Stranger, |person| Assignee::Colleague(Box::new(person))))
    }
}

pub fn notice_of<'a>(who: &'a Person, to: Option<&'a Staff>) -> Notice<'a> {
    let by = &who.staff.name;
    match to {
        None => Notice::Unassigned { by },
        Some(person) if person.id == who.staff.id => Notice::Took { by },
        Some(person) => Notice::Assigned { by, to: &person.name },
    }
}
