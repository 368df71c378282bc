//! Texts that the business keeps, and its quick replies: kept by the office, used by whoever writes to customers.

mod render;

use porchlight_domain::access::{Grant, KeepTemplates, UseTemplates};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, TemplateId};
use porchlight_domain::template::quick::{QuickReplies, QuickReply};
use porchlight_domain::template::variable::Variable;
use porchlight_domain::template::{Content, Library, Template, Unfit};

pub use self::render::{Rendered, Wording};
use crate::command::Command;
use crate::{Desk, Refusal};

impl Desk {
    /// All templates, in their order.
    pub async fn templates(&self, _: Grant<UseTemplates>, business: &BusinessId) -> Result<Library, Refusal> {
        Ok(self.store.templates(business).await?)
    }

    /// A new template, at the end. With an id of the client's a repeat makes no second (P9).
    pub async fn add_template(
        &self,
        _: Grant<KeepTemplates>,
        business: &BusinessId,
        id: Option<TemplateId>,
        content: &Content,
    ) -> Result<Template, Refusal> {
        let command_id = id.as_ref().map(|id| id.ulid().into());
        let command = self.command(business, command_id, &parts(content));
        let id = id.unwrap_or_else(|| self.new_id(self.now()));
        self.until_written(|| self.try_add_template(business, &id, content, &command)).await
    }

    async fn try_add_template(
        &self,
        business: &BusinessId,
        id: &TemplateId,
        content: &Content,
        command: &Command,
    ) -> Result<Template, Refusal> {
        let mut library = self.store.templates(business).await?;
        let was_done = self.was_done(command).await?;
        match library.get_even_deleted(id) {
            Some(known) if was_done => return Ok(known.clone()),
            Some(_) => return Err(Refusal::UsedBefore),
            // Deleted so long ago that it is forgotten.
            None if was_done => return Err(Refusal::NotFound),
            None => {}
        }
        let added = library.add(id, content.clone())?.clone();
        self.keep_templates(business, &library, Some(command)).await?;
        Ok(added)
    }

    /// Other content for a template; where `read` is said, on top of that version and no other.
    pub async fn change_template(
        &self,
        _: Grant<KeepTemplates>,
        business: &BusinessId,
        id: &TemplateId,
        content: &Content,
        read: Option<u64>,
    ) -> Result<Template, Refusal> {
        self.change_library(business, |library| library.change(id, content.clone(), read).cloned()).await
    }

    /// Takes a template away.
    pub async fn delete_template(
        &self,
        _: Grant<KeepTemplates>,
        business: &BusinessId,
        id: &TemplateId,
    ) -> Result<(), Refusal> {
        let now = self.now();
        self.change_library(business, |library| library.delete(id, now)).await
    }

    /// Brings a template back to its place.
    pub async fn restore_template(
        &self,
        _: Grant<KeepTemplates>,
        business: &BusinessId,
        id: &TemplateId,
    ) -> Result<Template, Refusal> {
        self.change_library(business, |library| library.restore(id).cloned()).await
    }

    /// Puts a template before another, or at the end.
    pub async fn move_template(
        &self,
        _: Grant<KeepTemplates>,
        business: &BusinessId,
        id: &TemplateId,
        before: Option<&TemplateId>,
    ) -> Result<Library, Refusal> {
        self.change_library(business, |library| {
            library.put_before(id, before)?;
            Ok(library.clone())
        })
        .await
    }

    /// Offers these variables to whoever writes a template, and no others.
    pub async fn offer_variables(
        &self,
        _: Grant<KeepTemplates>,
        business: &BusinessId,
        offered: &[Variable],
    ) -> Result<Library, Refusal> {
        self.change_library(business, |library| {
            library.offer(offered);
            Ok(library.clone())
        })
        .await
    }

    /// Reads, changes and writes all that belongs to one change; what changes nothing is not written.
    async fn change_library<T: Send>(
        &self,
        business: &BusinessId,
        change: impl Fn(&mut Library) -> Result<T, Unfit> + Send + Sync,
    ) -> Result<T, Refusal> {
        self.until_written(async || {
            let was = self.store.templates(business).await?;
            let mut library = was.clone();
            let done = change(&mut library).map_err(refused)?;
            if library != was {
                self.keep_templates(business, &library, None).await?;
            }
            Ok(done)
        })
        .await
    }

    async fn keep_templates(
        &self,
        business: &BusinessId,
        library: &Library,
        command: Option<&Command>,
    ) -> Result<(), Refusal> {
        let event = self.event_of_business(Happening::TemplatesUpdated);
        let commit = self.store.commit(business).library(library).event(&event);
        let commit = command.map_or(commit.clone(), |command| command.join(commit));
        Ok(commit.run().await?)
    }

    /// The quick replies, in their order.
    pub async fn quick_replies(
        &self,
        _: Grant<UseTemplates>,
        business: &BusinessId,
    ) -> Result<QuickReplies, Refusal> {
        Ok(self.store.quick_replies(business).await?)
    }

    /// Other quick replies in place of those of version `read`; the same again changes nothing.
    pub async fn put_quick_replies(
        &self,
        _: Grant<KeepTemplates>,
        business: &BusinessId,
        wanted: &[QuickReply],
        read: u64,
    ) -> Result<QuickReplies, Refusal> {
        self.until_written(async || {
            let mut replies = self.store.quick_replies(business).await?;
            if replies.replies == wanted {
                return Ok(replies);
            }
            if replies.version != read {
                return Err(Refusal::QuickRepliesChanged);
            }
            wanted.clone_into(&mut replies.replies);
            let event = self.event_of_business(Happening::TemplatesUpdated);
            self.store.commit(business).quick_replies(&mut replies).event(&event).run().await?;
            Ok(replies)
        })
        .await
    }

    /// A fresh id for a quick reply.
    pub fn quick_reply_id(&self) -> porchlight_domain::id::QuickReplyId {
        self.new_id(self.now())
    }
}

/// A template that is not there is not found, wherever it is named.
fn refused(unfit: Unfit) -> Refusal {
    match unfit {
        Unfit::Unknown => Refusal::NotFound,
        unfit => Refusal::Template(unfit),
    }
}

/// What the command asks for (P9).
fn parts(content: &Content) -> [&str; 5] {
    let shortcut = content.shortcut.as_deref().unwrap_or_default();
    ["template", &content.name, &content.category, &content.text, shortcut]
}
