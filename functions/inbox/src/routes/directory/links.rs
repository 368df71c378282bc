//! `PUT|DELETE /api/customers/{id}/contacts/{contact}`: who uses which contact point, dated. Linking and
//! unlinking never move messages.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::{Conversation, SystemLine};
use porchlight_domain::customer::ContactLink;
use porchlight_domain::id::{BusinessId, CustomerId};
use porchlight_domain::phone::ContactPoint;
use porchlight_edge::Problem;
use porchlight_edge::session::{KeepDirectory, May, SignedIn};
use porchlight_edge::view::words::ChannelWord;
use porchlight_store::inbound::ConsentChange;
use porchlight_store::{Commit, StoreError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_at_most};
use crate::attempt::Refusal;
use crate::view::directory::LinkView;

/// How a customer uses a contact point.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkCommand {
    /// The channel; told by the contact point where it is left out.
    #[serde(default)]
    #[schema(required = false)]
    pub channel: Option<ChannelWord>,
    /// "Maria's cell".
    #[serde(default)]
    #[schema(max_length = 100)]
    pub label: Option<String>,
}

impl Checked for LinkCommand {
    fn check(&self) -> Result<(), Wrong> {
        has_at_most("label", self.label.as_deref(), 100)
    }
}

/// Link a contact point to a customer
#[utoipa::path(
    put, path = "/api/customers/{id}/contacts/{contact}", operation_id = "linkContact", tag = "directory",
    params(
        ("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
    ),
    request_body = LinkCommand,
    responses((status = 200, description = "The link", body = LinkView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named((id, contact)): Named<(CustomerId, ContactPoint)>,
    Body(command): Body<LinkCommand>,
) -> Result<Json<LinkView>, Problem> {
    let channel = channel_of(&contact, command.channel.map(Into::into))?;
    let link = inbox
        .until_written(async || {
            inbox.known_customer(&who.business.id, &id).await?;
            let known =
                inbox.link_between(&who.business.id, &id, &contact).await?.filter(ContactLink::is_current);
            let link = ContactLink {
                customer: id.clone(),
                contact: contact.clone(),
                channel,
                label: command.label.clone(),
                linked_at: known.map_or_else(|| inbox.now(), |known| known.linked_at),
                unlinked_at: None,
            };
            let commit = inbox.store.commit(&who.business.id).link(&link);
            inbox.and_crews_learn(commit, &who.business.id, &link).await?.run().await?;
            Ok(link)
        })
        .await?;
    Ok(Json(link.into()))
}

/// "Not this person": unlink a contact point
///
/// Consent that was given by this person does not hold for whoever has the number now.
#[utoipa::path(
    delete, path = "/api/customers/{id}/contacts/{contact}", operation_id = "unlinkContact", tag = "directory",
    params(
        ("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
    ),
    responses((status = 204, description = "Not linked now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named((id, contact)): Named<(CustomerId, ContactPoint)>,
) -> Result<StatusCode, Problem> {
    inbox.until_written(|| inbox.try_unlink(&who, &id, &contact)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The channel that fits the contact point.
fn channel_of(contact: &ContactPoint, wanted: Option<Channel>) -> Result<Channel, Problem> {
    let is_address = contact.as_str().contains('@');
    match wanted {
        None => Ok(if is_address { Channel::Email } else { Channel::Sms }),
        Some(channel @ Channel::Email) if is_address => Ok(channel),
        Some(channel @ Channel::Sms) if !is_address => Ok(channel),
        Some(channel @ Channel::Portal) => Ok(channel),
        Some(_) => {
            Err(Problem::unprocessable("wrong-channel", "This contact point is not used on that channel."))
        }
    }
}

impl Inbox {
    async fn try_unlink(
        &self,
        who: &SignedIn,
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
            commit = self.and_revoke(commit, who, contact).await?;
        }
        self.and_crews_learn(commit, business, &link).await?.run().await?;
        Ok(())
    }

    /// Closes consent towards every line group that has talked with the contact point.
    async fn and_revoke<'s>(
        &self,
        mut commit: Commit<'s>,
        who: &SignedIn,
        contact: &ContactPoint,
    ) -> Result<Commit<'s>, StoreError> {
        let business = &who.business.id;
        let consent = Consent::not_this_person(self.now());
        for group in self.store.groups(business).await? {
            commit = commit.consent(&ConsentChange { contact: contact.clone(), group: group.id, consent });
        }
        for mut conversation in self.store.conversations_with(business, contact).await? {
            let line = line_of(who, &conversation);
            conversation.know_consent(Some(&consent));
            commit = self.changed(commit, who, &mut conversation, line);
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
        let (conversations, crews) = tokio::try_join!(
            self.store.conversations_with(business, &link.contact),
            self.crews_of(business, &link.customer),
        )?;
        Ok(self.access_changed(commit, &conversations, &crews))
    }
}

/// What the timeline says of it where texts were on.
fn line_of<'a>(who: &'a SignedIn, conversation: &Conversation) -> Option<SystemLine<'a>> {
    (!conversation.opted_out).then_some(SystemLine::NotThisPerson { by: &who.staff.name })
}
