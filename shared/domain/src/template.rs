//! Templates: texts that a business keeps, with variables that are filled for one conversation (FEATURES 53–56).
//!
//! # Layout
//!
//! - [`Library`]: all templates of a business in their order, and what changes it. `starter`: what every business
//!   begins with.
//! - [`variable`]: what can be filled in. [`fill`]: a text with its variables filled, once and in one pass.
//!   [`values`]: what they come to for a customer, a job, a business and whoever writes.
//! - [`quick`]: the short answers that go with one tap.

pub mod fill;
mod library;
pub mod quick;
mod starter;
pub mod values;
pub mod variable;

use serde::{Deserialize, Serialize};

use crate::id::TemplateId;
use crate::markdown;
use crate::segments;
use crate::time::Timestamp;

pub use self::library::{Library, Unfit};

/// Characters of a template's name.
pub const LONGEST_NAME: usize = 80;
/// Characters of a category's name.
pub const LONGEST_CATEGORY: usize = 60;
/// Characters of a shortcut, without its slash.
pub const LONGEST_SHORTCUT: usize = 32;
/// Characters of a template's text: as many as a text message takes.
pub const LONGEST_TEXT: usize = segments::LONGEST_BODY;

/// What a template says and where it is found, as somebody wrote it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What people call it.
    pub name: String,
    /// Under which heading it stands.
    pub category: String,
    /// Its words, in markdown, with variables in double braces.
    pub text: String,
    /// How it is found from the composer: `/omw`, kept without the slash and in lower case.
    pub shortcut: Option<String>,
}

crate::debug_shows!(Content: shortcut);

/// What is wrong with a template's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The name shows nothing.
    #[error("name must say something: nothing of it can be seen")]
    Name,
    /// The category shows nothing.
    #[error("category must say something: nothing of it can be seen")]
    Category,
    /// The text shows nothing.
    #[error("text must say something: nothing of it can be seen")]
    Text,
    /// A shortcut of other signs.
    #[error("shortcut must be letters and digits, with - and _ between them, such as /on-my-way")]
    Shortcut,
}

impl Content {
    /// The content as it is kept: name and category on one line, the text as it would leave, the shortcut without
    /// its slash.
    pub fn kept(self) -> Result<Self, Unreadable> {
        let name = one_line(&self.name);
        let category = one_line(&self.category);
        let text = markdown::clean(&self.text);
        if !markdown::shows_something(&name) {
            return Err(Unreadable::Name);
        }
        if !markdown::shows_something(&category) {
            return Err(Unreadable::Category);
        }
        if !markdown::sendable(&text) {
            return Err(Unreadable::Text);
        }
        Ok(Self { name, category, text, shortcut: shortcut(self.shortcut.as_deref())? })
    }
}

/// Words without line breaks, and with one space where there were several.
fn one_line(words: &str) -> String {
    markdown::clean(words).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A shortcut as it is kept; none of what is empty or a slash alone.
fn shortcut(typed: Option<&str>) -> Result<Option<String>, Unreadable> {
    let typed = typed.unwrap_or_default().trim();
    let word = typed.strip_prefix('/').unwrap_or(typed).to_lowercase();
    if word.is_empty() {
        return Ok(None);
    }
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let is_short = word.chars().count() <= LONGEST_SHORTCUT;
    if is_short && word.chars().all(fits) { Ok(Some(word)) } else { Err(Unreadable::Shortcut) }
}

/// A text that a business keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// What it says and where it is found.
    #[serde(flatten)]
    pub content: Content,
    /// When it was deleted; it is kept for a while, to be brought back.
    pub deleted_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: u64,
}

#[cfg(test)]
mod tests;
