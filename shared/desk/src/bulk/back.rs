//! A bulk command is taken back, page by page: only what it changed, and only where that is still as it left it.

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::access::Person;
use porchlight_domain::bulk::{Bulk, BulkAct, LeftAlone, Outcome, Row, RowCommand, Trace, row_command};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_store::vault::CommandRecord;
use porchlight_store::{Commit, StoreError};

use super::rows::{AT_ONCE, outcome};
use crate::command::Command;
use crate::day_off::may_mark_off;
use crate::{Desk, Refusal, SeenMarked, acts, assign};

impl Desk {
    pub(super) async fn take_page_back(&self, who: &Person, bulk: Bulk, page: u32) -> Result<Bulk, Refusal> {
        let business = &who.business.id;
        let rows = self.store.bulk_page(business, &bulk.id, page, self.now()).await?;
        let commands: Vec<CommandId> =
            rows.iter().map(|row| row_command(&bulk.id, RowCommand::Work, &row.conversation)).collect();
        let mut done = self.store.commands(business, &commands).await?;
        let rows: Vec<_> = rows.into_iter().zip(commands.iter().map(|id| done.remove(id))).collect();
        let each = futures::stream::iter(rows).map(|(row, done)| self.take_row_back(who, &bulk, row, done));
        let back: Vec<_> = each.buffered(AT_ONCE).try_collect().await?;
        self.change_bulk(who, &bulk.id, |bulk| {
            bulk.taken_back(page, &back);
        })
        .await
    }

    async fn take_row_back(
        &self,
        who: &Person,
        bulk: &Bulk,
        row: Row,
        done: Option<CommandRecord>,
    ) -> Result<(ConversationId, Outcome), Refusal> {
        let trace = match done {
            Some(done) => done.trace,
            None => self.forestall_row(who, bulk, &row).await?,
        };
        // It was not come to, was left alone, or was so before.
        let Some(trace) = trace else { return Ok((row.conversation, Outcome::Untouched)) };
        let command = self.command_of_row(&who.business.id, bulk, RowCommand::TakeBack, &row);
        let row = row.conversation;
        let back = self.until_written(|| self.try_back(who, bulk, &row, &trace, &command)).await;
        Ok((row, outcome(back.map(|()| Outcome::Done))?))
    }

    /// A page may be at work still: what it has not come to by now it leaves as it is.
    async fn forestall_row(&self, who: &Person, bulk: &Bulk, row: &Row) -> Result<Option<Trace>, Refusal> {
        let work = self.command_of_row(&who.business.id, bulk, RowCommand::Work, row);
        self.until_written(|| work.forestall(self)).await
    }

    async fn try_back(
        &self,
        who: &Person,
        bulk: &Bulk,
        row: &ConversationId,
        trace: &Trace,
        command: &Command,
    ) -> Result<(), Refusal> {
        let seen = match &bulk.act {
            BulkAct::Release { from } => self.theirs(may_mark_off(who, from)?, row).await?,
            act => {
                let seen = self.see(who, row).await?;
                seen.permit(who, act.act())?;
                seen
            }
        };
        if self.was_done(command).await? {
            return Ok(());
        }
        let SeenMarked { mut seen, mut marker } = self.marked(who, seen).await?;
        let was = seen.conversation.clone();
        if !trace.put_back(&mut seen.conversation, &mut marker) {
            return Err(Refusal::LeftAlone(LeftAlone::Changed));
        }
        let commit = command.join(self.store.commit(&who.business.id));
        let commit = match trace {
            Trace::Own { .. } => self.marked_anew(commit, who, row, &mut marker),
            Trace::Shared { .. } => self.put_back(commit, who, &was, &mut seen.conversation).await?,
        };
        Ok(commit.run().await?)
    }

    /// The row as it was, with what the timeline tells of that.
    async fn put_back<'s>(
        &'s self,
        commit: Commit<'s>,
        who: &Person,
        was: &Conversation,
        is: &mut Conversation,
    ) -> Result<Commit<'s>, StoreError> {
        let assignee = match &is.assignee {
            Some(staff) => self.store.staff(&who.business.id, staff).await?,
            None => None,
        };
        let notice = if was.assignee == is.assignee {
            acts::notice_of(who, was.state, is.state)
        } else {
            Some(assign::notice_of(who, assignee.as_ref()))
        };
        Ok(self.changed(commit, Some(&who.staff.id), is, notice))
    }
}
