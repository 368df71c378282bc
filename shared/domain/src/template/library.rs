//! All templates of a business, in their order, and what changes them.

use super::variable::Variable;
use super::{Content, Template, starter};
use crate::id::TemplateId;
use crate::time::Timestamp;

/// Templates that a business may have.
const MOST: usize = 200;
/// Deleted ones that can be brought back.
const MOST_DELETED: usize = 50;

/// Why a change of the library cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is no such template, or it was deleted.
    #[error("there is no such template")]
    Unknown,
    /// Another template has the shortcut.
    #[error("another template has this shortcut")]
    ShortcutTaken {
        /// The other one's name.
        by: String,
    },
    /// There are as many as there may be.
    #[error("there are as many templates as there may be")]
    TooMany,
    /// Somebody changed it after it was read.
    #[error("the template was changed meanwhile")]
    Changed,
}

/// The templates of a business, those that can be brought back among them. What a change touched is kept for
/// whoever writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    templates: Vec<Template>,
    /// Variables that the editor does not offer.
    withheld: Vec<Variable>,
    /// Counts the writes; 0 while nobody has changed what every business begins with.
    version: u64,
    touched: Vec<TemplateId>,
    forgotten: Vec<TemplateId>,
}

impl Library {
    /// What every business begins with. Nothing of it is kept before the first change, which keeps all of it: what
    /// is deleted then does not come back.
    pub fn starter() -> Self {
        let templates: Vec<Template> = starter::templates().collect();
        let touched = templates.iter().map(|template| template.id.clone()).collect();
        Self { templates, withheld: Vec::new(), version: 0, touched, forgotten: Vec::new() }
    }

    /// As it was kept: the templates in any order, and their order. What has no place comes last.
    pub fn kept(
        mut templates: Vec<Template>,
        order: &[TemplateId],
        withheld: Vec<Variable>,
        version: u64,
    ) -> Self {
        let place = |id: &TemplateId| order.iter().position(|placed| placed == id).unwrap_or(usize::MAX);
        templates.sort_by_cached_key(|template| (place(&template.id), template.id.clone()));
        Self { templates, withheld, version, touched: Vec::new(), forgotten: Vec::new() }
    }

    /// Those that are there, in their order.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter().filter(|template| template.deleted_at.is_none())
    }

    /// One that is there.
    pub fn get(&self, id: &TemplateId) -> Option<&Template> {
        self.templates().find(|template| template.id == *id)
    }

    /// One that is there, or was.
    pub fn get_even_deleted(&self, id: &TemplateId) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == *id)
    }

    /// The order of all, deleted ones too: each comes back to its place.
    pub fn order(&self) -> Vec<TemplateId> {
        self.templates.iter().map(|template| template.id.clone()).collect()
    }

    /// Whether the editor offers a variable.
    pub fn offers(&self, variable: Variable) -> bool {
        !self.withheld.contains(&variable)
    }

    /// What the editor does not offer.
    pub fn withheld(&self) -> &[Variable] {
        &self.withheld
    }

    /// Counts the writes.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The templates that must be written.
    pub fn touched(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter().filter(|template| self.touched.contains(&template.id))
    }

    /// The templates that must be taken away for good.
    pub fn forgotten(&self) -> &[TemplateId] {
        &self.forgotten
    }

    /// A new one, at the end.
    pub fn add(&mut self, id: &TemplateId, content: Content) -> Result<&Template, Unfit> {
        if self.templates().count() >= MOST {
            return Err(Unfit::TooMany);
        }
        self.is_free(id, content.shortcut.as_deref())?;
        self.templates.push(Template { id: id.clone(), content, deleted_at: None, version: 0 });
        self.touch(id)
    }

    /// Other content for one that is there; where `read` is said, only if it is still the version that was read.
    pub fn change(
        &mut self,
        id: &TemplateId,
        content: Content,
        read: Option<u64>,
    ) -> Result<&Template, Unfit> {
        let known = self.get(id).ok_or(Unfit::Unknown)?;
        if known.content == content {
            return self.get(id).ok_or(Unfit::Unknown);
        }
        if read.is_some_and(|read| read != known.version) {
            return Err(Unfit::Changed);
        }
        self.is_free(id, content.shortcut.as_deref())?;
        self.get_mut(id)?.content = content;
        self.touch(id)
    }

    /// Takes one away; it can be brought back until many others were taken away after it.
    pub fn delete(&mut self, id: &TemplateId, now: Timestamp) -> Result<(), Unfit> {
        let template = self.get_mut(id)?;
        if template.deleted_at.is_some() {
            return Ok(());
        }
        template.deleted_at = Some(now);
        self.touch(id)?;
        self.forget_the_oldest();
        Ok(())
    }

    /// Brings one back, to its place.
    pub fn restore(&mut self, id: &TemplateId) -> Result<&Template, Unfit> {
        let known = self.get_even_deleted(id).ok_or(Unfit::Unknown)?;
        if known.deleted_at.is_none() {
            return self.get(id).ok_or(Unfit::Unknown);
        }
        if self.templates().count() >= MOST {
            return Err(Unfit::TooMany);
        }
        let shortcut = known.content.shortcut.clone();
        self.is_free(id, shortcut.as_deref())?;
        self.get_mut(id)?.deleted_at = None;
        self.touch(id)
    }

    /// Puts one before another, or at the end.
    pub fn put_before(&mut self, id: &TemplateId, before: Option<&TemplateId>) -> Result<(), Unfit> {
        self.get(id).ok_or(Unfit::Unknown)?;
        if before == Some(id) {
            return Ok(());
        }
        if let Some(before) = before {
            self.get(before).ok_or(Unfit::Unknown)?;
        }
        let place_of = |templates: &[Template], id: &TemplateId| templates.iter().position(|it| it.id == *id);
        let template = self.templates.remove(place_of(&self.templates, id).ok_or(Unfit::Unknown)?);
        let place = before.and_then(|before| place_of(&self.templates, before));
        self.templates.insert(place.unwrap_or(self.templates.len()), template);
        Ok(())
    }

    /// Offers these variables in the editor, and no others.
    pub fn offer(&mut self, offered: &[Variable]) {
        self.withheld = Variable::ALL.iter().copied().filter(|it| !offered.contains(it)).collect();
    }

    /// The shortcut is nobody else's.
    fn is_free(&self, id: &TemplateId, shortcut: Option<&str>) -> Result<(), Unfit> {
        let Some(shortcut) = shortcut else { return Ok(()) };
        let is_other = |it: &&Template| it.id != *id && it.content.shortcut.as_deref() == Some(shortcut);
        let other = self.templates().find(is_other);
        other.map_or(Ok(()), |other| Err(Unfit::ShortcutTaken { by: other.content.name.clone() }))
    }

    fn get_mut(&mut self, id: &TemplateId) -> Result<&mut Template, Unfit> {
        self.templates.iter_mut().find(|template| template.id == *id).ok_or(Unfit::Unknown)
    }

    fn touch(&mut self, id: &TemplateId) -> Result<&Template, Unfit> {
        if !self.touched.contains(id) {
            self.touched.push(id.clone());
        }
        let template = self.get_mut(id)?;
        template.version += 1;
        Ok(template)
    }

    fn forget_the_oldest(&mut self) {
        let mut deleted: Vec<(Timestamp, TemplateId)> =
            self.templates.iter().filter_map(|it| Some((it.deleted_at?, it.id.clone()))).collect();
        deleted.sort_unstable();
        let surplus = deleted.len().saturating_sub(MOST_DELETED);
        for (_, id) in deleted.into_iter().take(surplus) {
            self.templates.retain(|template| template.id != id);
            self.forgotten.push(id);
        }
    }
}
