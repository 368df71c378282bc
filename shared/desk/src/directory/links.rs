//! Who uses which contact point, dated. Linking and unlinking never move messages.

use porchlight_domain::access::{Grant, KeepDirectory, Person};
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::{Arrival, Consent, Particulars};
use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::customer::ContactLink;
use porchlight_domain::id::{BusinessId, CustomerId};
use porchlight_domain::phone::ContactPoint;
use porchlight_store::consent::ConsentChange;
use porchlight_store::contacts::ContactFacts;
use porchlight_store::{Commit, StoreError};

use crate::{Desk, Refusal};

impl Desk {
    /// Links a contact point to a customer; one that is linked already keeps its date.
    pub async fn link(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        customer: &CustomerId,
        contact: &ContactPoint,
        (channel, label): (Channel, Option<&str>),
    ) -> Result<ContactLink, Refusal> {
        self.until_written(async || {
            self.known_customer(business, customer).await?;
            let known = self.link_between(business, customer, contact).await?.filter(ContactLink::is_current);
            let link = ContactLink {
                customer: customer.clone(),
                contact: contact.clone(),
                channel,
                label: label.map(str::to_owned),
                linked_at: known.map_or_else(|| self.now(), |known| known.linked_at),
                unlinked_at: None,
            };
            let commit = self.store.commit(business).link(&link);
            self.and_crews_learn(commit, business, &link).await?.run().await?;
            Ok(link)
        })
        .await
    }

    /// "Not this person": consent that was given by them does not hold for whoever has the number now.
    pub async fn unlink(
        &self,
        _: Grant<KeepDirectory>,
        who: &Person,
        customer: &CustomerId,
        contact: &ContactPoint,
    ) -> Result<(), Refusal> {
        self.until_written(|| self.try_unlink(who, customer, contact)).await
    }

    async fn try_unlink(
        &self,
        who: &Person,
        customer: &CustomerId,
        contact: &ContactPoint,
    ) -> Result<(), Refusal> {
        let business = &who.business.id;
        self.known_customer(business, customer).await?;
        let facts = self.store.contact_facts(business, contact).await?;
        let is_theirs = |link: &&ContactLink| link.customer == *customer;
        let Some(link) = facts.links.iter().find(is_theirs).filter(|link| link.is_current()) else {
            return Ok(());
        };
        let link = ContactLink { unlinked_at: Some(self.now()), ..link.clone() };
        let mut commit = self.store.commit(business).link(&link);
        if facts.customers().iter().all(|other| other == customer) {
            commit = self.and_revoke(commit, who, contact, &facts).await?;
        }
        self.and_crews_learn(commit, business, &link).await?.run().await?;
        Ok(())
    }

    /// Closes consent towards every line group that has talked with the contact point.
    async fn and_revoke<'s>(
        &self,
        mut commit: Commit<'s>,
        who: &Person,
        contact: &ContactPoint,
        facts: &ContactFacts,
    ) -> Result<Commit<'s>, StoreError> {
        let business = &who.business.id;
        let consent = Consent::not_this_person(self.now());
        for group in self.store.groups(business).await? {
            let was = facts.consents.get(&group.id).copied();
            let (whose, line) = ((contact.clone(), group.id), self.entropy.ulid(self.now()));
            let told = Particulars {
                by: Some(who.staff.id.clone()),
                how: Some("Not this person".to_owned()),
                ..Particulars::default()
            };
            commit =
                commit.consent(&ConsentChange::decide(whose, line, was, consent, Arrival::Fresh).told(told));
        }
        for mut conversation in self.store.conversations_with(business, contact).await? {
            let notice = notice_of(who, &conversation);
            conversation.know_consent(Some(&consent));
            commit = self.changed(commit, Some(&who.staff.id), &mut conversation, notice);
        }
        Ok(commit)
    }

    /// The crews of the customer's jobs may now see more, or less.
    async fn and_crews_learn<'s>(
        &self,
        commit: Commit<'s>,
        business: &BusinessId,
        link: &ContactLink,
    ) -> Result<Commit<'s>, StoreError> {
        let (conversations, crews) = futures::try_join!(
            self.store.conversations_with(business, &link.contact),
            self.crews_of(business, &link.customer),
        )?;
        Ok(self.access_changed(commit, &conversations, &crews))
    }
}

/// What the timeline says of it where texts were on.
fn notice_of<'a>(who: &'a Person, conversation: &Conversation) -> Option<Notice<'a>> {
    (!conversation.opted_out).then_some(Notice::NotThisPerson { by: &who.staff.name })
}
