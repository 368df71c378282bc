//! One command over many conversations (`porchlight_domain::bulk`): done, close, assign, snooze, read; and what becomes
//! nobody's since whose it is is off today.
//!
//! # Layout
//!
//! `lay`: the snapshot of its rows. `rows`: a page of them is worked, each row through the code of the single act and
//! asked for by itself (P7). `back`: a page is taken back.
//!
//! A request does one step and tells how far the command is; whoever asks again goes on where it stands. A row and its
//! trace are one commit, and a page is counted when all its rows are settled: a crash between leaves rows that are
//! done and not counted, and the page is worked again, which does nothing to them (P9).

mod back;
mod lay;
mod rows;

use porchlight_domain::access::Person;
use porchlight_domain::bulk::{Bulk, BulkAct, Step};
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_store::lists::ListQuery;

use crate::command::Command;
use crate::day_off::may_mark_off;
use crate::{Desk, Refusal};

/// A command over many conversations, as a client asks for it.
#[derive(Clone, Debug)]
pub struct NewBulk {
    /// Made by the client.
    pub id: CommandId,
    /// What is done with each.
    pub act: BulkAct,
    /// With which.
    pub rows: BulkRows,
}

/// Which conversations.
#[derive(Clone, Debug)]
pub enum BulkRows {
    /// These; at most as many as are laid at once.
    Named(Vec<ConversationId>),
    /// All that this list shows now.
    Shown(ListQuery),
}

impl NewBulk {
    /// What its id is bound to.
    fn command(&self, desk: &Desk, who: &Person) -> Command {
        let mut parts = vec!["bulk".to_owned(), who.staff.id.to_string()];
        parts.extend(self.act.words());
        match &self.rows {
            BulkRows::Named(ids) => parts.extend(ids.iter().map(ToString::to_string)),
            BulkRows::Shown(query) => parts.push(query.to_text()),
        }
        desk.command(&who.business.id, Some(self.id.clone()), &parts)
    }
}

impl Desk {
    /// Begins it: lays its rows and, where that is all of them, works the first page. Asked for again, it tells how far
    /// it is, and works the first page if nobody has.
    pub async fn begin_bulk(&self, who: &Person, new: NewBulk) -> Result<Bulk, Refusal> {
        let command = new.command(self, who);
        let bulk = if self.was_done(&command).await? {
            self.bulk(who, &new.id).await.map_err(ended)?
        } else {
            self.may_begin(who, &new.act).await?;
            self.until_written(|| self.try_begin_bulk(who, &new, &command)).await?
        };
        match bulk.next() {
            Step::Work(0) => self.work(who, bulk, 0).await,
            Step::Lay | Step::Work(_) | Step::Nothing => Ok(bulk),
        }
    }

    /// What is refused for every row is refused as a whole.
    async fn may_begin(&self, who: &Person, act: &BulkAct) -> Result<(), Refusal> {
        if let BulkAct::Release { from } = act {
            return may_mark_off(who, from).map(drop);
        }
        let right = act.act().right();
        if !who.viewer.has(right) {
            return Err(Refusal::NotAllowed(right));
        }
        match act {
            BulkAct::Snooze { until } => self.may_come(&who.business, *until),
            BulkAct::Assign { to } => self.assignee(who, to.as_ref()).await?.colleague().map(drop),
            BulkAct::Read | BulkAct::Done | BulkAct::Close | BulkAct::Release { .. } => Ok(()),
        }
    }

    /// How far a command of theirs is. Another's, one that ended and none at all are the same.
    pub async fn bulk(&self, who: &Person, id: &CommandId) -> Result<Bulk, Refusal> {
        let bulk = self.store.bulk(&who.business.id, id, self.now()).await?;
        bulk.filter(|bulk| bulk.staff == who.staff.id).ok_or(Refusal::NotFound)
    }

    /// One step more: rows are laid, or a page is worked.
    pub async fn go_on_with_bulk(&self, who: &Person, id: &CommandId) -> Result<Bulk, Refusal> {
        let bulk = self.bulk(who, id).await?;
        match bulk.next() {
            Step::Lay => self.until_written(|| self.try_lay_more(who, id)).await,
            Step::Work(page) => self.work(who, bulk, page).await,
            Step::Nothing => Ok(bulk),
        }
    }

    /// Nothing more is worked; what is under way comes to its end.
    pub async fn stop_bulk(&self, who: &Person, id: &CommandId) -> Result<Bulk, Refusal> {
        self.change_bulk(who, id, Bulk::stop).await
    }

    /// A page is taken back, and nothing more is worked.
    pub async fn take_bulk_back(&self, who: &Person, id: &CommandId) -> Result<Bulk, Refusal> {
        let bulk = self.change_bulk(who, id, Bulk::take_back).await?;
        match bulk.next_back() {
            Some(page) => self.take_page_back(who, bulk, page).await,
            None => Ok(bulk),
        }
    }

    /// Changes how far it is, on condition that it is as it was read, and writes nothing where nothing changes.
    async fn change_bulk(
        &self,
        who: &Person,
        id: &CommandId,
        change: impl Fn(&mut Bulk) + Send + Sync,
    ) -> Result<Bulk, Refusal> {
        self.until_written(async || {
            let was = self.bulk(who, id).await?;
            let mut bulk = was.clone();
            change(&mut bulk);
            if bulk != was {
                self.store.commit(&who.business.id).bulk(&mut bulk).run().await?;
            }
            Ok(bulk)
        })
        .await
    }
}

/// What was begun and is there no more has ended.
fn ended(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NotFound => Refusal::BulkEnded,
        other => other,
    }
}
