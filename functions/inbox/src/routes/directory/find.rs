//! `GET /api/customers?q=`: whom somebody means, as they type

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use futures::future::try_join_all;
use porchlight_api::ProblemShape;
use porchlight_domain::access::{Browse, Person};
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::terms;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use porchlight_store::StoreError;
use porchlight_store::contacts::ContactFacts;
use porchlight_store::customer_file::CustomerFile;
use porchlight_store::people::Found;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Inbox;
use crate::ask::{Asked, Checked, Wrong, has_length, lies_within};
use crate::refusal::not_for_texts;
use crate::view::whom::{FoundCustomer, FoundNumber, TypedNumber, Whom};

/// Customers that are told of, where nothing else is asked.
const USUAL: usize = 8;

/// What somebody has typed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindQuery {
    /// A part of a name, of a street, or of a number; or a whole number, as people type it.
    #[param(min_length = 1, max_length = 200)]
    pub q: String,
    /// At most so many customers.
    #[param(required = false, minimum = 1, maximum = 20)]
    pub limit: Option<usize>,
}

impl Checked for FindQuery {
    fn check(&self) -> Result<(), Wrong> {
        has_length("q", &self.q, 1, 200)?;
        lies_within("limit", self.limit.unwrap_or(USUAL), 1, 20)
    }
}

/// Find customers, or read a number
///
/// Customers by parts of their name, street and numbers, with whom there may be no conversation yet; each number with
/// its conversation, the last used first. Where what was typed may be a number, how it would be read, and why nobody
/// could be written to there.
#[utoipa::path(
    get, path = "/api/customers", operation_id = "findCustomers", tag = "directory",
    params(FindQuery),
    responses(
        (status = 200, description = "Whom it may mean", body = Whom),
        (status = 403, description = "The office's to see",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn find(
    State(inbox): State<Inbox>,
    May(who, _): May<Browse>,
    Asked(asked): Asked<FindQuery>,
) -> Result<Json<Whom>, Problem> {
    let limit = asked.limit.unwrap_or(USUAL);
    let business = &who.business.id;
    let terms = terms::query(&asked.q);
    let typed = async {
        if seems_number(&asked.q) { inbox.typed_number(&who, &asked.q).await.map(Some) } else { Ok(None) }
    };
    let found = async {
        if terms.is_empty() {
            Ok(Found::default())
        } else {
            inbox.store.customers_called(business, &terms).await
        }
    };
    let (found, typed) = tokio::try_join!(found, typed)?;
    let more = found.more || found.files.len() > limit;
    let threads = inbox.threads_of(business, &found.files).await?;
    let mut customers: Vec<FoundCustomer> =
        found.files.iter().filter_map(|file| customer(file, &threads)).collect();
    customers.sort_by_key(|it| std::cmp::Reverse(it.contacts.first().and_then(|number| number.last_used_at)));
    customers.truncate(limit);
    Ok(Json(Whom { customers, more, typed }))
}

/// Whether it may be a number: more than half of what can be seen of it are digits or signs of one.
fn seems_number(typed: &str) -> bool {
    let seen = typed.chars().filter(|c| !c.is_whitespace()).count();
    let digits = typed.chars().filter(|c| c.is_numeric()).count();
    let scheme = typed.trim_start().get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
    scheme || (digits >= 3 && digits * 2 >= seen)
}

/// The conversations with those contact points.
type Threads = HashMap<ContactPoint, Conversation>;

impl Inbox {
    async fn threads_of(&self, business: &BusinessId, files: &[CustomerFile]) -> Result<Threads, StoreError> {
        let groups = self.store.groups(business).await?;
        let links = files.iter().flat_map(|file| &file.links).filter(|link| link.is_current());
        let of = |contact: &ContactPoint| {
            groups
                .iter()
                .map(|group| ConversationId::of_customer(&group.id, Channel::Sms, contact))
                .collect::<Vec<_>>()
        };
        let ids: Vec<ConversationId> = links.flat_map(|link| of(&link.contact)).collect();
        let found = self.store.conversations(business, &ids).await?;
        Ok(found.into_iter().filter_map(|it| Some((it.contact()?.clone(), it))).collect())
    }

    /// How a number would be read, and why nobody could be written to there.
    async fn typed_number(&self, who: &Person, typed: &str) -> Result<TypedNumber, StoreError> {
        let business = &who.business.id;
        let contact = match ContactPoint::typed(typed) {
            Ok(contact) => contact,
            Err(why) => return Ok(TypedNumber { refusal: Some(why.to_string()), ..TypedNumber::default() }),
        };
        let (lines, facts) =
            tokio::try_join!(self.store.lines(business), self.store.contact_facts(business, &contact))?;
        let refusal = porchlight_desk::not_for_texts(&contact, &lines, &facts).map(not_for_texts);
        let ids = lines.iter().map(|line| ConversationId::of_customer(&line.group, Channel::Sms, &contact));
        let ids: std::collections::BTreeSet<ConversationId> = ids.collect();
        let found = self.store.conversations(business, &ids.into_iter().collect::<Vec<_>>()).await?;
        let names = facts.customers();
        let customers = try_join_all(names.iter().map(|id| self.store.customer(business, id))).await?;
        Ok(TypedNumber {
            country: contact.country(),
            conversation_id: found.first().map(|conversation| conversation.id.clone()),
            name: customers.into_iter().flatten().next().map(|customer| customer.name),
            opted_out: opted_out(&facts),
            cannot_text: facts.cannot_text(),
            blocked: facts.is_blocked(),
            refusal: refusal.map(str::to_owned),
            contact: Some(contact),
        })
    }
}

fn opted_out(facts: &ContactFacts) -> bool {
    facts.consents.values().any(|consent| !Consent::allows(Some(consent)))
}

fn customer(file: &CustomerFile, threads: &Threads) -> Option<FoundCustomer> {
    let customer = file.customer.as_ref()?;
    let current = file.links.iter().filter(|link| link.is_current());
    let mut contacts: Vec<FoundNumber> = current
        .map(|link| {
            let thread = threads.get(&link.contact);
            FoundNumber {
                contact: link.contact.clone(),
                label: link.label.clone(),
                channel: link.channel.into(),
                last_used_at: thread.map(|thread| thread.last_activity_at),
                conversation_id: thread.map(|thread| thread.id.clone()),
                opted_out: thread.is_some_and(|thread| thread.opted_out || thread.doubt.is_some()),
                cannot_text: thread.is_some_and(|thread| thread.cannot_text) || !link.contact.is_e164(),
                blocked: thread.is_some_and(|thread| thread.blocked),
            }
        })
        .collect();
    contacts.sort_by(|one, other| {
        other.last_used_at.cmp(&one.last_used_at).then_with(|| one.contact.cmp(&other.contact))
    });
    Some(FoundCustomer {
        id: customer.id.clone(),
        name: customer.name.clone(),
        address: customer.address.clone(),
        contacts,
    })
}
