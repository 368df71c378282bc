//! Blocking a contact point: what it sends is kept (P1), and disturbs nobody. It holds for all its threads, those that
//! are yet to begin too.

use porchlight_domain::access::{Act, Grant, KeepBlocked, Person};
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::customer::{Block, ContactRecord};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, CommandId, ConversationId};
use porchlight_domain::phone::ContactPoint;
use porchlight_store::{Commit, StoreError};

use crate::command::Command;
use crate::{Desk, Refusal, SeenMarked};

/// A blocked contact point with its threads.
#[derive(Debug)]
pub struct BlockedContact {
    /// By whom, when and why.
    pub record: ContactRecord,
    /// The last used first.
    pub conversations: Vec<Conversation>,
}

/// How somebody blocks, or no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Blocked { spam: bool },
    Unblocked,
}

impl Wanted {
    const fn is_blocked(self) -> bool {
        matches!(self, Self::Blocked { .. })
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Blocked { spam: false } => "block",
            Self::Blocked { spam: true } => "spam",
            Self::Unblocked => "unblock",
        }
    }

    const fn notice(self, by: &str) -> Notice<'_> {
        match self {
            Self::Blocked { spam: false } => Notice::Blocked { by },
            Self::Blocked { spam: true } => Notice::MarkedSpam { by },
            Self::Unblocked => Notice::Unblocked { by },
        }
    }
}

impl Desk {
    /// Blocks the other end of a conversation, as a sender of spam or for other reasons; how it then is.
    pub async fn block(
        &self,
        who: &Person,
        id: &ConversationId,
        spam: bool,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        self.set_block(who, id, Wanted::Blocked { spam }, command).await
    }

    /// Takes that back: it is again as it was.
    pub async fn unblock(
        &self,
        who: &Person,
        id: &ConversationId,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        self.set_block(who, id, Wanted::Unblocked, command).await
    }

    async fn set_block(
        &self,
        who: &Person,
        id: &ConversationId,
        wanted: Wanted,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        let parts = [wanted.word(), who.staff.id.as_str(), id.as_str()];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_set_block(who, id, wanted, &command)).await
    }

    async fn try_set_block(
        &self,
        who: &Person,
        id: &ConversationId,
        wanted: Wanted,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, Act::Block)?;
        let contact = seen.conversation.party.customer().ok_or(Refusal::NoCustomer)?.contact.clone();
        if self.was_done(command).await? {
            return self.marked(who, seen).await;
        }
        let record = self.store.contact(&who.business.id, &contact).await?;
        let is = record.and_then(|record| record.block).map(|block| block.spam);
        let is_so = match wanted {
            Wanted::Blocked { spam } => is == Some(spam),
            Wanted::Unblocked => is.is_none(),
        };
        if is_so && seen.conversation.blocked == wanted.is_blocked() {
            command.keep(self).await?;
        } else {
            let commit = command.join(self.store.commit(&who.business.id));
            let commit = commit.block(&contact, self.block_of(who, wanted).as_ref());
            let commit = self.others_blocked(commit, &seen.conversation, &contact, wanted).await?;
            seen.conversation.block(wanted.is_blocked());
            let notice = Some(wanted.notice(&who.staff.name));
            self.changed(commit, Some(&who.staff.id), &mut seen.conversation, notice).run().await?;
        }
        self.marked(who, seen).await
    }

    fn block_of(&self, who: &Person, wanted: Wanted) -> Option<Block> {
        let Wanted::Blocked { spam } = wanted else { return None };
        Some(Block { by: who.staff.id.clone(), at: self.now(), spam })
    }

    /// The contact point's threads with other line groups.
    async fn others_blocked<'s>(
        &self,
        mut commit: Commit<'s>,
        here: &Conversation,
        contact: &ContactPoint,
        wanted: Wanted,
    ) -> Result<Commit<'s>, StoreError> {
        let all = self.store.conversations_with(&here.business, contact).await?;
        let others = all.into_iter().filter(|it| it.id != here.id && it.blocked != wanted.is_blocked());
        for mut other in others {
            other.block(wanted.is_blocked());
            let event = self.event(&other.id, Happening::ConversationUpdated);
            commit = commit.conversation(&mut other).event(&event);
        }
        Ok(commit)
    }

    /// Who is blocked, the last blocked first: a page, and after which place it goes on.
    pub async fn blocked(
        &self,
        _: Grant<KeepBlocked>,
        business: &BusinessId,
        after: Option<String>,
        limit: usize,
    ) -> Result<(Vec<BlockedContact>, Option<String>), StoreError> {
        let (found, groups) =
            futures::try_join!(self.store.blocked(business, after, limit), self.store.groups(business))?;
        let (records, next) = found;
        let ids_of = |contact: &ContactPoint| -> Vec<ConversationId> {
            let of_group =
                |group| Channel::EVERY.map(|channel| ConversationId::of_customer(group, channel, contact));
            groups.iter().flat_map(|group| of_group(&group.id)).collect()
        };
        let ids: Vec<ConversationId> = records.iter().flat_map(|record| ids_of(&record.contact)).collect();
        let all = self.store.conversations(business, &ids).await?;
        let with_threads = records.into_iter().map(|record| {
            let theirs = |it: &&Conversation| it.contact() == Some(&record.contact);
            let mut conversations: Vec<Conversation> = all.iter().filter(theirs).cloned().collect();
            conversations.sort_by_key(|it| std::cmp::Reverse(it.last_activity_at));
            BlockedContact { record, conversations }
        });
        Ok((with_threads.collect(), next))
    }
}
