//! What people have uploaded, and who has a token for a file: both in the vault.

use porchlight_domain::file::Kept;
use porchlight_domain::id::{BusinessId, StaffId, UploadId};
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::outbound::{DuePage, DuePlace, readable, still_due};
use crate::receipts::lives;
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, number};

/// A file that somebody uploads, to go with a message of theirs.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The tenant.
    pub business: BusinessId,
    /// Its id.
    pub id: UploadId,
    /// Who uploads it.
    pub staff: StaffId,
    /// What it is called, made harmless.
    pub name: String,
    /// MIME type, as the browser told it; nobody believes it.
    pub content_type: String,
    /// Bytes, as the browser told them.
    pub size: u64,
    /// When its form was asked for.
    pub at: Timestamp,
    /// The file, once it was checked and cleaned.
    pub file: Option<Checked>,
    /// A message has it.
    pub used: bool,
    /// When it goes, unless a message has it.
    pub goes_at: Timestamp,
}

porchlight_domain::debug_shows!(Upload: business, id, staff, size, at, used);

/// An upload whose bytes are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What its bytes are.
    pub content_type: String,
    /// Where it lies.
    pub kept: Kept,
    /// It may tell of place, device or owner.
    #[serde(default)]
    pub may_tell: bool,
}

#[derive(Serialize, Deserialize)]
struct UploadItem {
    business: BusinessId,
    id: UploadId,
    staff: StaffId,
    name: String,
    content_type: String,
    size: u64,
    at: Timestamp,
    file: Option<Checked>,
    #[serde(default)]
    used: bool,
    goes_at: Timestamp,
    due_shard: Option<String>,
    due_at: Option<String>,
}

impl Upload {
    fn item(&self) -> Item {
        let key = keys::upload(&self.business, &self.id);
        let due = (!self.used).then_some(self.goes_at);
        let item = UploadItem {
            business: self.business.clone(),
            id: self.id.clone(),
            staff: self.staff.clone(),
            name: self.name.clone(),
            content_type: self.content_type.clone(),
            size: self.size,
            at: self.at,
            file: self.file.clone(),
            used: self.used,
            goes_at: self.goes_at,
            due_shard: due.map(|_| keys::upload_shard(&key.pk)),
            due_at: due.map(|at| at.to_string()),
        };
        items::to_item(&key, &item)
    }

    fn from_item(item: Item) -> Result<Self, StoreError> {
        let UploadItem { business, id, staff, name, content_type, size, at, file, used, goes_at, .. } =
            items::from_item("upload", item)?;
        Ok(Self { business, id, staff, name, content_type, size, at, file, used, goes_at })
    }
}

/// What a token stands for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The tenant.
    pub business: BusinessId,
    /// What its bytes are.
    pub content_type: String,
    /// What it is called.
    pub name: String,
    /// The file.
    pub kept: Kept,
    /// Until when.
    pub until: Timestamp,
}

porchlight_domain::debug_shows!(Shared: business, content_type, until);

impl Commit<'_> {
    /// A message has the upload from now on; fails if it is gone.
    pub fn use_upload(self, upload: &Upload) -> Self {
        let key = keys::upload(&upload.business, &upload.id);
        let used = Expression::new("SET used = :yes REMOVE due_shard, due_at")
            .value(":yes", aws_sdk_dynamodb::types::AttributeValue::Bool(true));
        self.update(Part::Other, Table::Vault, &key, used, Some("attribute_exists(pk)"))
    }
}

impl Store {
    /// Keeps an upload under its id; the one that was there before, if any.
    pub async fn put_upload(&self, upload: &Upload) -> Result<Option<Upload>, StoreError> {
        match self.put_if(Table::Vault, upload.item(), &Expression::absent()).await? {
            Outcome::Done(_) => Ok(None),
            Outcome::Refused(item) => Upload::from_item(item).map(Some),
        }
    }

    /// The upload of this id; strongly consistent.
    pub async fn upload(&self, business: &BusinessId, id: &UploadId) -> Result<Option<Upload>, StoreError> {
        let item = self.get(Table::Vault, &keys::upload(business, id)).await?;
        item.map(Upload::from_item).transpose()
    }

    /// Its bytes are known; whoever comes second is told who was first. None when it is gone.
    pub async fn put_checked(&self, upload: &Upload) -> Result<Option<Upload>, StoreError> {
        let first =
            Expression::new("attribute_exists(pk) AND attribute_not_exists(#file)").name("#file", "file");
        match self.put_if(Table::Vault, upload.item(), &first).await? {
            Outcome::Done(_) => Ok(Some(upload.clone())),
            Outcome::Refused(item) if item.is_empty() => Ok(None),
            Outcome::Refused(item) => Upload::from_item(item).map(Some),
        }
    }

    /// Uploads of one shard that no message has and whose time has passed.
    pub async fn forgotten_uploads(
        &self,
        shard: u8,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<Upload>, StoreError> {
        let rows = self.due_rows_of(Table::Vault, keys::upload_shard_named(shard), now, limit, from).await?;
        let mut items = Vec::new();
        for key in &rows.found {
            items.extend(self.get(Table::Vault, key).await?);
        }
        Ok(DuePage { found: readable(still_due(items, now), Upload::from_item), next: rows.next })
    }

    /// It is gone, unless a message has it by now; whether it is.
    pub async fn delete_upload(&self, upload: &Upload) -> Result<bool, StoreError> {
        let key = keys::upload(&upload.business, &upload.id);
        let unused = Expression::new("attribute_exists(due_at)");
        Ok(matches!(self.delete_if(Table::Vault, &key, &unused).await?, Outcome::Done(_)))
    }

    /// Lets whoever has the token (SHA-256 of it, in hex) have the file for a while.
    pub async fn share(&self, digest: &str, shared: &Shared) -> Result<(), StoreError> {
        let mut item = items::to_item(&keys::shared_file(digest), shared);
        item.insert("expires_at".to_owned(), number(shared.until.seconds()));
        self.put(Table::Vault, item).await
    }

    /// What a token stands for now.
    pub async fn shared(&self, digest: &str, now: Timestamp) -> Result<Option<Shared>, StoreError> {
        let item = self.get(Table::Vault, &keys::shared_file(digest)).await?;
        let item = item.filter(|item| lives(item, now));
        item.map(|item| items::from_item("shared file", item)).transpose()
    }
}
