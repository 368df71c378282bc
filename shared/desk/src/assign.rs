//! Making a conversation somebody's. Whose it is says nothing about who may see it.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::bulk::Trace;
use porchlight_domain::conversation::Notice;
use porchlight_domain::id::{CommandId, ConversationId, StaffId};
use porchlight_domain::staff::Staff;

use crate::command::Command;
use crate::{Desk, Refusal, SeenMarked};

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
        self.until_written(|| self.try_assign(who, id, to, &command)).await
    }

    pub(crate) async fn try_assign(
        &self,
        who: &Person,
        id: &ConversationId,
        to: Option<&StaffId>,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, Act::Assign)?;
        let person = match to {
            Some(to) => Some(self.colleague(who, to).await?),
            None => None,
        };
        if self.was_done(command).await? {
            return self.marked(who, seen).await;
        }
        command.takes(&seen.conversation, self.now())?;
        if seen.conversation.assignee.as_ref() == to {
            command.keep(self).await?;
        } else {
            let was = seen.conversation.clone();
            seen.conversation.assign(to.cloned());
            let notice = Some(notice_of(who, person.as_ref()));
            let commit = self.store.commit(&who.business.id);
            let commit = self.changed(commit, Some(&who.staff.id), &mut seen.conversation, notice);
            command.join_with(commit, || Trace::shared(&was, &seen.conversation)).run().await?;
        }
        self.marked(who, seen).await
    }

    pub(crate) async fn colleague(&self, who: &Person, id: &StaffId) -> Result<Staff, Refusal> {
        let person = self.store.staff(&who.business.id, id).await?;
        person.filter(|person| person.disabled_at.is_none()).ok_or(Refusal::UnknownStaff)
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
