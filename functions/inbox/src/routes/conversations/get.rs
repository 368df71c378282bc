//! `GET /api/conversations/{id}`

use axum::Json;
use axum::extract::State;
use futures::future::try_join_all;
use porchlight_api::message::PriceView;
use porchlight_api::row::CustomerRef;
use porchlight_api::words::ActWord;
use porchlight_api::{ConversationRow, StaffNames, StaffRef};
use porchlight_desk::send::{admins, obstacle};
use porchlight_desk::{Seen, last_in_sight};
use porchlight_domain::access::{Person, Sight};
use porchlight_domain::conversation::{Conversation, Obstacle, ReadMarker};
use porchlight_domain::customer::{Block, ContactLink, Job};
use porchlight_domain::delivery::Price;
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_domain::message::{Message, MessageKind};
use porchlight_domain::party::Party;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::contacts::ContactFacts;
use porchlight_store::customer_file::CustomerFile;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::{problem, sentence, unreachable_sentence};
use crate::rows::reader;
use crate::view::detail::{BlockView, CanSend, ConsentDetail, ConversationDetail, CustomerDetail};

/// Messages that are looked through for the first unread one; further back nobody starts reading.
const LOOKED_THROUGH: usize = 200;

/// One conversation, with what stands beside its thread
#[utoipa::path(
    get, path = "/api/conversations/{id}", operation_id = "getConversation", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, description = "The conversation", body = ConversationDetail)),
)]
pub async fn get(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
) -> Result<Json<ConversationDetail>, Problem> {
    let seen = inbox.desk.see(&who, &id).await.map_err(problem)?;
    Ok(Json(inbox.detail(&who, &seen).await?))
}

impl Inbox {
    pub(in crate::routes) async fn detail(
        &self,
        who: &Person,
        seen: &Seen,
    ) -> Result<ConversationDetail, StoreError> {
        let (business, conversation, me) = (&who.business.id, &seen.conversation, &who.staff.id);
        let (names, marker, drafts, contact, participants, line, cost) = tokio::try_join!(
            self.names(business),
            self.store.read_marker(business, &conversation.id, me),
            self.store.drafts(business, &conversation.id, me),
            self.contact_facts(conversation),
            self.store.participants(business, &conversation.id),
            self.desk.line_of(conversation),
            self.cost_in_sight(seen),
        )?;
        let consent = conversation.group().and_then(|group| contact.consents.get(group));
        let (customer_detail, first_unread_seq, last) = tokio::try_join!(
            self.customer_detail(seen, &names),
            self.first_unread(seen, &marker, me),
            last_in_sight(&self.store, conversation, &seen.sight)
        )?;
        let reader = reader(who, seen, last.as_ref(), &marker, self.now());
        let mut row = ConversationRow::new(conversation, reader, &names).with_drafts(drafts);
        if let (None, Some(theirs)) = (&row.customer, &customer_detail) {
            row.name.clone_from(&theirs.name);
            row.customer = Some(CustomerRef { id: theirs.id.clone(), name: theirs.name.clone() });
        }
        let can_send = self.can_send(who, seen, &contact).await?;
        if can_send.reason == Some(Obstacle::ColleagueLeft.into()) {
            // Names may be some seconds old; what may be done is not.
            row.party.colleague_left = true;
            row.may.retain(|act| *act != ActWord::Write);
        }
        Ok(ConversationDetail {
            row,
            customer_detail,
            line,
            can_send,
            consent_detail: consent.map(ConsentDetail::from),
            block: block_of(&contact).map(|block| BlockView::new(block, &names)),
            first_unread_seq,
            cost: cost.iter().map(PriceView::from).collect(),
            members: self.members(seen, &names).await?,
            participants: participants.iter().map(|participant| names.get(&participant.staff)).collect(),
        })
    }

    /// Whom an internal thread is between: a pair's two, a crew's technicians as they are now, whose thread with the
    /// office it is.
    async fn members(&self, seen: &Seen, names: &StaffNames) -> Result<Vec<StaffRef>, StoreError> {
        let members = match &seen.conversation.party {
            Party::Staff { staff } => [staff.clone()].into(),
            _ => self.desk.between(&seen.conversation).await?.members,
        };
        Ok(members.iter().map(|staff| names.get(staff)).collect())
    }

    /// What the conversation has cost; the office's to see.
    async fn cost_in_sight(&self, seen: &Seen) -> Result<Vec<Price>, StoreError> {
        if seen.sight != Sight::Office {
            return Ok(Vec::new());
        }
        self.store.cost(&seen.conversation.business, &seen.conversation.id).await
    }

    /// What the directory has of the contact point; nothing where there is none.
    async fn contact_facts(&self, conversation: &Conversation) -> Result<ContactFacts, StoreError> {
        match conversation.contact() {
            Some(contact) => self.store.contact_facts(&conversation.business, contact).await,
            None => Ok(ContactFacts::default()),
        }
    }

    async fn customer_detail(
        &self,
        seen: &Seen,
        names: &StaffNames,
    ) -> Result<Option<CustomerDetail>, StoreError> {
        let business = &seen.conversation.business;
        let Some(id) = seen.customer() else { return Ok(None) };
        let CustomerFile { customer, mut links, jobs } = self.store.customer_file(business, id).await?;
        if matches!(seen.sight, Sight::Jobs(_)) {
            links.retain(|link| seen.conversation.contact() == Some(&link.contact));
        }
        let crews = try_join_all(jobs.into_iter().map(|job| self.with_crew(business, job)));
        let (mut jobs, contacts) = tokio::try_join!(crews, self.with_reach(business, links))?;
        jobs.sort_by_key(|(job, _)| std::cmp::Reverse((job.scheduled_at, job.number)));
        Ok(customer.map(|customer| CustomerDetail::new(customer, &contacts, &jobs, &seen.sight, names)))
    }

    async fn with_crew(&self, business: &BusinessId, job: Job) -> Result<(Job, Vec<StaffId>), StoreError> {
        let assignments = self.store.assignments_of_job(business, &job.id).await?;
        let crew =
            assignments.into_iter().filter(|it| it.unassigned_at.is_none()).map(|it| it.staff).collect();
        Ok((job, crew))
    }

    async fn can_send(
        &self,
        who: &Person,
        seen: &Seen,
        contact: &ContactFacts,
    ) -> Result<CanSend, StoreError> {
        if seen.conversation.party.is_internal() {
            return self.can_write_internal(who, seen).await;
        }
        let consent = seen.conversation.group().and_then(|group| contact.consents.get(group));
        let Some(obstacle) = obstacle(who, seen, consent) else { return Ok(CanSend::YES) };
        let told = contact.record.as_ref().and_then(|record| record.told.as_ref());
        if let (Obstacle::CannotText, Some(told)) = (obstacle, told) {
            return Ok(CanSend::no(obstacle.into(), unreachable_sentence(told)));
        }
        let staff = self.colleagues.of(&who.business.id).await?;
        Ok(CanSend::no(obstacle.into(), sentence(obstacle, &admins(&staff))))
    }

    async fn can_write_internal(&self, who: &Person, seen: &Seen) -> Result<CanSend, StoreError> {
        let obstacle = self.desk.internal_obstacle(who, &seen.conversation).await?;
        Ok(obstacle.map_or(CanSend::YES, |it| CanSend::no(it.into(), sentence(it, &[]))))
    }

    /// Those that a customer uses now, with whether texts do not reach them.
    async fn with_reach(
        &self,
        business: &BusinessId,
        links: Vec<ContactLink>,
    ) -> Result<Vec<(ContactLink, bool)>, StoreError> {
        let links: Vec<ContactLink> = links.into_iter().filter(ContactLink::is_current).collect();
        let contacts: Vec<_> = links.iter().map(|link| link.contact.clone()).collect();
        let records = self.store.contact_records(business, &contacts).await?;
        let cannot = |link: &ContactLink| {
            records.iter().any(|record| record.cannot_text && record.contact == link.contact)
        };
        Ok(links.into_iter().map(|link| (link.clone(), cannot(&link))).collect())
    }

    /// The place of the first customer message that is unread for the reader of `marker`.
    async fn first_unread(
        &self,
        seen: &Seen,
        marker: &ReadMarker,
        me: &StaffId,
    ) -> Result<Option<u64>, StoreError> {
        let conversation = &seen.conversation;
        let unread = usize::try_from(seen.sight.unread(conversation, marker)).unwrap_or(usize::MAX);
        if unread == 0 {
            return Ok(None);
        }
        let page = self
            .store
            .messages(&conversation.business, &conversation.id, None, LOOKED_THROUGH)
            .await?
            .messages;
        let is_news = |message: &Message| match message.kind() {
            MessageKind::Customer => true,
            MessageKind::Internal => message.author() != Some(me),
            _ => false,
        };
        let shown = |message: &&Message| is_news(message) && seen.sight.shows(message);
        Ok(page.iter().rev().filter(shown).take(unread).last().map(|message| message.seq))
    }
}

fn block_of(contact: &ContactFacts) -> Option<&Block> {
    contact.record.as_ref()?.block.as_ref()
}
