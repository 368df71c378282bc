//! A page of a bulk command is worked: each row as if somebody had asked for it alone.

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::access::Person;
use porchlight_domain::bulk::{Bulk, BulkAct, LeftAlone, Outcome, Row, RowCommand};
use porchlight_domain::id::ConversationId;

use crate::assign::Assignee;
use crate::command::Command;
use crate::refusal::BadTime;
use crate::{Desk, Refusal};

/// Rows of a page that are worked at the same time.
pub(super) const AT_ONCE: usize = 4;

impl Desk {
    pub(super) async fn work(&self, who: &Person, bulk: Bulk, page: u32) -> Result<Bulk, Refusal> {
        let rows = self.store.bulk_page(&who.business.id, &bulk.id, page, self.now()).await?;
        let to = self.until_written(|| self.assignee_of(who, &bulk.act)).await?;
        let each = futures::stream::iter(rows).map(|row| self.work_row(who, &bulk, &to, row));
        let worked: Vec<_> = each.buffered(AT_ONCE).try_collect().await?;
        self.change_bulk(who, &bulk.id, |bulk| {
            bulk.worked(page, &worked);
        })
        .await
    }

    async fn work_row(
        &self,
        who: &Person,
        bulk: &Bulk,
        to: &Assignee,
        row: Row,
    ) -> Result<(ConversationId, Outcome), Refusal> {
        let command = self.command_of_row(&who.business.id, bulk, RowCommand::Work, &row);
        let row = row.conversation;
        let done = self.until_written(|| self.try_row(who, (&bulk.act, to), &row, &command)).await;
        Ok((row, outcome(done.map(|()| Outcome::Done))?))
    }

    /// Whose the rows of a page are to be: looked up once for all of them.
    async fn assignee_of(&self, who: &Person, act: &BulkAct) -> Result<Assignee, Refusal> {
        match act {
            BulkAct::Assign { to } => self.assignee(who, to.as_ref()).await,
            BulkAct::Read
            | BulkAct::Done
            | BulkAct::Close
            | BulkAct::Release { .. }
            | BulkAct::Snooze { .. } => Ok(Assignee::Nobody),
        }
    }

    async fn try_row(
        &self,
        who: &Person,
        (act, to): (&BulkAct, &Assignee),
        row: &ConversationId,
        command: &Command,
    ) -> Result<(), Refusal> {
        match act {
            BulkAct::Read | BulkAct::Done | BulkAct::Close => {
                self.try_act(who, row, act.act(), command).await.map(drop)
            }
            BulkAct::Assign { .. } => self.try_assign(who, row, to, command).await.map(drop),
            BulkAct::Release { from } => self.try_release(who, row, from, command).await,
            BulkAct::Snooze { until } => self.try_snooze(who, row, Some(*until), command).await.map(drop),
        }
    }
}

/// A row that is refused is left alone, and the others go on. What is no refusal ends the page: it is asked for again.
pub(super) fn outcome(row: Result<Outcome, Refusal>) -> Result<Outcome, Refusal> {
    row.or_else(|refusal| match refusal {
        Refusal::NotFound => Ok(Outcome::Left(LeftAlone::NotFound)),
        Refusal::NotAllowed(_) => Ok(Outcome::Left(LeftAlone::Forbidden)),
        Refusal::UnknownStaff => Ok(Outcome::Left(LeftAlone::UnknownStaff)),
        Refusal::BadTime(BadTime::Past | BadTime::TooFar) => Ok(Outcome::Left(LeftAlone::TimePassed)),
        Refusal::LeftAlone(why) => Ok(Outcome::Left(why)),
        broken => Err(broken),
    })
}
