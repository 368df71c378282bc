//! The push ladder: a customer's message that nobody of the crew opens is told to them at their own phones, and then to
//! the office (RULES "Push ladder").
//!
//! Each step is one commit: the ladder and the conversation on condition that both are as they were read, the quiet entry
//! that tells of it, and whatever is queued. So it is taken once, whoever else is at it, and a reply that comes in between
//! wins: the step is judged anew.

mod facts;
mod texts;

use porchlight_domain::business::Business;
use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::message::Message;
use porchlight_domain::party::Party;
use porchlight_domain::push::{Ladder, Step};
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::access::AccessLedger;

use self::facts::Facts;
use crate::Desk;

impl Desk {
    /// A customer's message has come: its ladder begins where the business has one, the message is about a job of that
    /// day with a crew, and none stands here. Where there is no ladder nothing is read. A conflict means that somebody was
    /// faster: try again.
    pub async fn begin_ladder(
        &self,
        business: &Business,
        conversation: &Conversation,
        message: &Message,
        ledger: &AccessLedger,
    ) -> Result<(), StoreError> {
        let Some(job) = message.job.as_ref().filter(|_| business.push_ladder.is_on()) else { return Ok(()) };
        if !matches!(conversation.party, Party::Customer(_)) {
            return Ok(());
        }
        let before = self.store.ladder(&business.id, &conversation.id).await?;
        if let Some(standing) = before.as_ref().filter(|before| before.stands()) {
            let facts = self.facts_among(business, conversation, &standing.job, ledger).await?;
            if standing.over(&facts.around()).is_none() {
                return Ok(());
            }
        }
        let facts = self.facts_among(business, conversation, job, ledger).await?;
        match Ladder::begin(message, &facts.around(), before.as_ref(), self.now()) {
            Some(ladder) => self.store.put_ladder(&business.id, &conversation.id, ladder).await,
            None => Ok(()),
        }
    }

    /// Takes the step whose time has come, if there still is one. A ladder whose last step is taken is given back: the
    /// office is to be woken by it. `public_url` is where threads are opened. A conflict means that somebody was faster,
    /// or that a person has answered: judge again.
    pub async fn climb(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        public_url: &str,
    ) -> Result<Option<Ladder>, StoreError> {
        let Some(ladder) = self.store.ladder(business, conversation).await?.filter(Ladder::stands) else {
            return Ok(None);
        };
        let Some(facts) = self.facts_of(business, conversation, &ladder).await? else { return Ok(None) };
        let now = self.now();
        let step = ladder.step(&facts.around(), now);
        if step != Step::Rest {
            tracing::info!(message = %ladder.message, ?step, "nobody of the crew opened it");
        }
        match step {
            Step::Rest => Ok(None),
            Step::End(_) => {
                self.store.put_ladder(business, conversation, ladder.ended()).await?;
                Ok(None)
            }
            Step::Text => {
                self.text_crew(facts, ladder, public_url, now).await?;
                Ok(None)
            }
            Step::Alert => self.alert_office(facts, ladder, now).await.map(Some),
            Step::Tell => Ok(Some(ladder)),
        }
    }

    /// The office is woken: the ladder is over.
    pub async fn end_ladder(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        ladder: Ladder,
    ) -> Result<(), StoreError> {
        match self.store.put_ladder(business, conversation, ladder.ended()).await {
            // Somebody else woke it too, and has said so.
            Err(StoreError::Conflict(_)) => Ok(()),
            kept => kept,
        }
    }

    /// Whoever of the crew may be texted is, and the thread says so; where nobody may, it says that.
    async fn text_crew(
        &self,
        facts: Facts,
        ladder: Ladder,
        public_url: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let texted = self.texted(&facts, &ladder, now).await?;
        let names = listed(texted.iter().map(|it| it.staff.name.as_str()));
        let notice = Notice::CrewTexted { minutes: minutes(&ladder, now), who: &names };
        let mut commit = self.store.commit(&facts.business.id);
        for recipient in texted {
            commit = self.queue_step(commit, &facts, &ladder, recipient, public_url).await?;
        }
        let mut conversation = facts.conversation;
        let commit = self.changed(commit, None, &mut conversation, Some(notice));
        let mut after = ladder.texted(&facts.business.push_ladder, now);
        commit.ladder(&conversation.id, &mut after).run().await
    }

    /// The thread says that nobody opened it, and waits for the office; the ladder, which is to wake it.
    async fn alert_office(&self, facts: Facts, ladder: Ladder, now: Timestamp) -> Result<Ladder, StoreError> {
        let notice = Notice::OfficeTold { minutes: minutes(&ladder, now) };
        let mut conversation = facts.conversation;
        conversation.go_unopened();
        let commit = self.store.commit(&facts.business.id);
        let commit = self.changed(commit, None, &mut conversation, Some(notice));
        let mut after = ladder.alerted(conversation.seq, now);
        commit.ladder(&conversation.id, &mut after).run().await?;
        Ok(after)
    }
}

/// Since the message came.
fn minutes(ladder: &Ladder, now: Timestamp) -> u64 {
    now.since(ladder.since).as_secs() / 60
}

/// "Luis", "Luis and Marta", "Luis, Marta and Ben".
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
