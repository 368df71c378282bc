//! Templates and quick replies of a business: one partition, read as a whole.
//!
//! An item that all changes of templates write, `META`, holds their order and is the condition of each: what a change
//! was decided on, such as that a shortcut is free, still holds when it is written. People who keep templates meet
//! there and nobody else (P12).

use porchlight_domain::id::{BusinessId, TemplateId};
use porchlight_domain::template::quick::QuickReplies;
use porchlight_domain::template::variable::Variable;
use porchlight_domain::template::{Library, Template};
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part, unchanged_since};
use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::query::Query;
use crate::store::Store;
use crate::table::{Expression, Item, Table, text_of};

#[derive(Serialize, Deserialize)]
struct LibraryItem {
    order: Vec<TemplateId>,
    #[serde(default)]
    withheld: Vec<String>,
    version: u64,
}

impl Commit<'_> {
    /// What changed of the templates, if nobody else changed them since they were read.
    pub fn library(self, library: &Library) -> Self {
        let withheld = library.withheld().iter().map(|variable| variable.name().to_owned()).collect();
        let head = LibraryItem { order: library.order(), withheld, version: library.version() + 1 };
        let head = items::to_item(&keys::templates(self.business()), &head);
        let unchanged = unchanged_since(library.version());
        let mut commit = self.put(Part::Other, Table::Directory, head, unchanged);
        for template in library.touched() {
            let item = items::to_item(&keys::template(commit.business(), &template.id), template);
            commit = commit.put(Part::Other, Table::Directory, item, Expression::default());
        }
        for id in library.forgotten() {
            let key = keys::template(commit.business(), id);
            commit = commit.delete(Part::Other, Table::Directory, &key);
        }
        commit
    }

    /// The quick replies as they now are, if nobody else changed them since they were read.
    pub fn quick_replies(self, replies: &mut QuickReplies) -> Self {
        let unchanged = unchanged_since(replies.version);
        replies.version += 1;
        let item = items::to_item(&keys::quick_replies(self.business()), replies);
        self.put(Part::Other, Table::Directory, item, unchanged)
    }
}

impl Store {
    /// The templates of a business, in their order; what every business begins with, where nobody has changed any.
    /// Strongly consistent.
    pub async fn templates(&self, business: &BusinessId) -> Result<Library, StoreError> {
        let found = self.query_all(Query::table(Table::Directory, keys::templates_pk(business))).await?;
        let (mut head, mut templates): (Option<LibraryItem>, Vec<Template>) = (None, Vec::new());
        for item in found {
            match sort_key(&item) {
                keys::META => head = Some(items::from_item("templates", item)?),
                sk if sk.starts_with("TEMPLATE#") => templates.push(items::from_item("template", item)?),
                _ => {}
            }
        }
        let Some(LibraryItem { order, withheld, version }) = head else { return Ok(Library::starter()) };
        let withheld = withheld.iter().filter_map(|name| Variable::named(name)).collect();
        Ok(Library::kept(templates, &order, withheld, version))
    }

    /// The quick replies of a business; what every business begins with, where nobody has changed any. Strongly
    /// consistent.
    pub async fn quick_replies(&self, business: &BusinessId) -> Result<QuickReplies, StoreError> {
        let kept = self.read(&keys::quick_replies(business), "quick replies").await?;
        Ok(kept.unwrap_or_else(QuickReplies::starter))
    }
}

fn sort_key(item: &Item) -> &str {
    text_of(item, "sk").unwrap_or_default()
}
