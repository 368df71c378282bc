//! Whether texts reach a contact point, as somebody says in one of its threads. The mark is the contact point's, and
//! shows in every thread with it.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_domain::phone::ContactPoint;
use porchlight_store::{Commit, StoreError};

use crate::command::Command;
use crate::{Desk, Refusal, SeenMarked};

impl Desk {
    /// "Try again anyway", or that texts do not reach it; how the conversation then is.
    pub async fn say_reachable(
        &self,
        who: &Person,
        id: &ConversationId,
        reachable: bool,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        let word = if reachable { "reachable" } else { "unreachable" };
        let parts = [word, who.staff.id.as_str(), id.as_str()];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_say_reachable(who, id, reachable, &command)).await
    }

    async fn try_say_reachable(
        &self,
        who: &Person,
        id: &ConversationId,
        reachable: bool,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, Act::Reach)?;
        let contact = seen.conversation.party.customer().ok_or(Refusal::NoCustomer)?.contact.clone();
        if !self.was_done(command).await? && seen.conversation.cannot_text == reachable {
            let commit =
                self.reach_commit(&contact, command.join(self.store.commit(&who.business.id)), reachable);
            let commit = self.others_know(commit, &seen.conversation, &contact, reachable).await?;
            seen.conversation.know_cannot_text(!reachable);
            let by = &who.staff.name;
            let notice = if reachable { Notice::Reachable { by } } else { Notice::Unreachable { by } };
            let author = Some(&who.staff.id);
            self.changed(commit, author, &mut seen.conversation, Some(notice)).run().await?;
        }
        self.marked(who, seen).await
    }

    fn reach_commit<'s>(&self, contact: &ContactPoint, commit: Commit<'s>, reachable: bool) -> Commit<'s> {
        if reachable { commit.reachable(contact, self.now()) } else { commit.unreachable(contact, None) }
    }

    /// The contact point's threads with other line groups show the same.
    pub(crate) async fn others_know<'s>(
        &self,
        mut commit: Commit<'s>,
        here: &Conversation,
        contact: &ContactPoint,
        reachable: bool,
    ) -> Result<Commit<'s>, StoreError> {
        let all = self.store.conversations_with(&here.business, contact).await?;
        for mut other in all.into_iter().filter(|it| it.id != here.id && it.cannot_text == reachable) {
            other.know_cannot_text(!reachable);
            let event = self.event(&other.id, Happening::ConversationUpdated);
            commit = commit.conversation(&mut other).event(&event);
        }
        Ok(commit)
    }
}
