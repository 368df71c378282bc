//! Invitations, open until somebody came, they were taken back, or their time is over. The record under the business is
//! the truth; the link's digest only leads there.

use porchlight_domain::id::{BusinessId, InviteId};
use porchlight_domain::staff::Invite;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::query::Query;
use crate::receipts::lives;
use crate::store::Store;
use crate::table::{Expression, Item, Table, number, text};

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLink {
    /// The tenant.
    pub business: BusinessId,
    /// Which invitation.
    pub invite: InviteId,
    /// Somebody came by it.
    pub used: bool,
}

impl InviteLink {
    fn item(&self, digest: &str, ends_at: Timestamp) -> Item {
        expiring(items::to_item(&keys::invite_link(digest), self), ends_at)
    }
}

fn expiring(mut item: Item, ends_at: Timestamp) -> Item {
    item.insert("expires_at".to_owned(), number(ends_at.seconds()));
    item
}

impl Store {
    /// Where the link with a token of this digest leads, while its time lasts; strongly consistent.
    pub async fn invite_link(&self, digest: &str, now: Timestamp) -> Result<Option<InviteLink>, StoreError> {
        let item = self.get(Table::Vault, &keys::invite_link(digest)).await?.filter(|item| lives(item, now));
        item.map(|item| items::from_item("invite link", item)).transpose()
    }

    /// An invitation that is open; strongly consistent.
    pub async fn invite(
        &self,
        business: &BusinessId,
        id: &InviteId,
        now: Timestamp,
    ) -> Result<Option<Invite>, StoreError> {
        let item = self.get(Table::Vault, &keys::invite(business, id)).await?.filter(|item| lives(item, now));
        item.map(|item| items::from_item("invite", item)).transpose()
    }

    /// The invitations of a business that are open, the first one first; strongly consistent.
    pub async fn invites(&self, business: &BusinessId, now: Timestamp) -> Result<Vec<Invite>, StoreError> {
        let found = self.query_all(Query::table(Table::Vault, keys::invites_pk(business))).await?;
        items::from_items("invite", found.into_iter().filter(|item| lives(item, now)))
    }
}

impl Commit<'_> {
    /// An invitation with its link. With `before`, another link takes the place of the one that was read. A conflict at
    /// [`Part::Invite`]: somebody came, or took it back, or made another link.
    pub fn invite(self, invite: &Invite, before: Option<&Invite>) -> Self {
        let as_read = before.map_or_else(Expression::absent, same);
        let item = items::to_item(&keys::invite(&invite.business, &invite.id), invite);
        let link = InviteLink { business: invite.business.clone(), invite: invite.id.clone(), used: false };
        let link = link.item(&invite.digest, invite.ends_at);
        self.put(Part::Invite, Table::Vault, expiring(item, invite.ends_at), as_read).put(
            Part::Invite,
            Table::Vault,
            link,
            Expression::absent(),
        )
    }

    /// Somebody came: the invitation is closed, and its link says so while its time would have lasted. A conflict at
    /// [`Part::Invite`]: it was closed before.
    pub fn invite_used(self, invite: &Invite) -> Self {
        let link = InviteLink { business: invite.business.clone(), invite: invite.id.clone(), used: true };
        let link = link.item(&invite.digest, invite.ends_at);
        self.invite_closed(invite).put(Part::Invite, Table::Vault, link, Expression::default())
    }

    /// It was taken back. A conflict at [`Part::Invite`]: it was closed before.
    pub fn invite_closed(self, invite: &Invite) -> Self {
        let key = keys::invite(&invite.business, &invite.id);
        self.delete_if(Part::Invite, Table::Vault, &key, same(invite))
    }
}

fn same(invite: &Invite) -> Expression {
    Expression::new("digest = :digest").value(":digest", text(&invite.digest))
}
