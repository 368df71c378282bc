//! What people upload: asked for, checked and cleaned, forgotten when no message has it.
//!
//! The order of writes, each of which may be the last before a crash: the record, then (the browser's) the bytes below
//! `uploads/`, then the cleaned bytes below `files/`, then the record says so, then a message has it. A file that no
//! record names is never served; a record that no message has goes with its file, within two days.

use std::time::Duration;

use bytes::Bytes;
use porchlight_bucket::form::{self, Field};
use porchlight_bucket::{Bucket, BucketError, Whole, keys};
use porchlight_domain::access::{Grant, Person, Upload as MayUpload};
use porchlight_domain::file::{self, Kept, name};
use porchlight_domain::id::UploadId;
use porchlight_store::outbound::DuePlace;
use porchlight_store::uploads::{Checked, Upload};
use sha2::{Digest as _, Sha256};

use crate::{Desk, Refusal};

/// So long after its form was asked for, an upload may be sent. What comes below `uploads/` lies there for two days at
/// least: by then it was looked through for what is to go.
const LASTS: Duration = Duration::from_hours(24);
/// And so long after, it goes: nobody can be sending it any more.
const GOES_AFTER: Duration = Duration::from_hours(36);

/// A file that somebody wants to upload.
#[derive(Clone)]
pub struct NewUpload {
    /// Made by whoever asks: the same again is harmless.
    pub id: Option<UploadId>,
    /// What it is called there.
    pub name: String,
    /// MIME type, as the browser tells it.
    pub content_type: String,
    /// Its bytes, as the browser tells them.
    pub size: u64,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFile {
    /// It has no bytes.
    Empty,
    /// It is a folder, or has no name.
    NoFile,
    /// It has more bytes than are taken.
    TooLarge,
}

/// Where to post a file, and with which fields before it.
pub struct UploadForm {
    /// The upload.
    pub upload: Upload,
    /// The bucket's address.
    pub url: String,
    /// In this order.
    pub fields: Vec<Field>,
}

impl Desk {
    /// A form for one file. The same asked again has the same answer (P9).
    pub async fn ask_upload(
        &self,
        who: &Person,
        _: Grant<MayUpload>,
        new: &NewUpload,
    ) -> Result<UploadForm, Refusal> {
        let now = self.now();
        let name = name::clean(&new.name).ok_or_else(|| bad(BadFile::NoFile, None, &new.name))?;
        let wrong = match new.size {
            0 => Some(BadFile::Empty),
            size if size > file::LARGEST => Some(BadFile::TooLarge),
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(bad(wrong, None, &name));
        }
        let upload = Upload {
            business: who.business.id.clone(),
            id: new.id.clone().unwrap_or_else(|| self.new_id(now)),
            staff: who.staff.id.clone(),
            name,
            content_type: essence(&new.content_type),
            size: new.size,
            at: now,
            file: None,
            used: false,
            goes_at: now + GOES_AFTER,
        };
        let upload = match self.store.put_upload(&upload).await? {
            None => upload,
            Some(before) if is_same(&before, &upload) => before,
            Some(_) => return Err(Refusal::UsedBefore),
        };
        let key = keys::upload(&upload.business, upload.id.as_str());
        let bucket = self.bucket()?;
        bucket.may_put(&key)?;
        let wanted = form::Upload { key: &key, content_type: &upload.content_type, size: (1, file::LARGEST) };
        let fields = bucket.signer().form(&wanted, now).await?;
        Ok(UploadForm { url: self.upload_url()?, upload, fields })
    }

    /// The upload, its bytes checked and cleaned.
    pub async fn check_upload(&self, who: &Person, id: &UploadId) -> Result<Upload, Refusal> {
        let found = self.store.upload(&who.business.id, id).await?;
        let upload = found.filter(|upload| self.is_theirs(who, upload)).ok_or(Refusal::NotFound)?;
        self.checked(upload).await
    }

    fn is_theirs(&self, who: &Person, upload: &Upload) -> bool {
        upload.staff == who.staff.id && (upload.used || self.now() < upload.at + LASTS)
    }

    /// The same of one that goes with a message: one that is not theirs is named.
    pub(crate) async fn attached(&self, who: &Person, id: &UploadId) -> Result<Upload, Refusal> {
        match self.check_upload(who, id).await {
            Err(Refusal::NotFound) => Err(Refusal::UnknownUpload(id.clone())),
            other => other,
        }
    }

    async fn checked(&self, upload: Upload) -> Result<Upload, Refusal> {
        if upload.file.is_some() {
            return Ok(upload);
        }
        let bytes = self.uploaded(&upload).await?;
        let (file, bytes) = cleaned(&upload, bytes);
        let (bucket, key) = (self.bucket()?, file.kept.key.clone());
        bucket.put(&key, bytes).await?;
        let upload = Upload { file: Some(file), ..upload };
        let stands = self.store.put_checked(&upload).await?.ok_or(Refusal::NotFound)?;
        // Somebody else was faster, with other bytes: a form may be used twice.
        if stands.file.as_ref().is_some_and(|file| file.kept.key != key) {
            self.drop_file(&key).await;
        }
        Ok(stands)
    }

    async fn uploaded(&self, upload: &Upload) -> Result<Bytes, Refusal> {
        let key = keys::upload(&upload.business, upload.id.as_str());
        let wrong = |why| Err(bad(why, Some(&upload.id), &upload.name));
        match self.bucket()?.get(&key, file::LARGEST).await {
            Ok(Whole::Bytes(bytes)) if bytes.is_empty() => wrong(BadFile::Empty),
            Ok(Whole::Bytes(bytes)) => Ok(bytes),
            Ok(Whole::TooLarge) => wrong(BadFile::TooLarge),
            Err(BucketError::Missing) => {
                Err(Refusal::NotUploaded { upload: upload.id.clone(), name: upload.name.clone() })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes away what people uploaded and no message has, of one shard; how many went.
    pub async fn forget_uploads(&self, shard: u8) -> Result<usize, Refusal> {
        const PAGE: usize = 100;
        let (mut gone, mut from): (usize, Option<DuePlace>) = (0, None);
        loop {
            let page = self.store.forgotten_uploads(shard, self.now(), PAGE, from).await?;
            for upload in &page.found {
                gone += usize::from(self.forget(upload).await?);
            }
            from = page.next;
            if from.is_none() {
                return Ok(gone);
            }
        }
    }

    /// First the files, then the record: whoever dies between finds the record again.
    async fn forget(&self, upload: &Upload) -> Result<bool, Refusal> {
        let bucket = self.bucket()?;
        if self.store.upload(&upload.business, &upload.id).await?.is_none_or(|found| found.used) {
            return Ok(false);
        }
        if let Some(key) = self.cleaned_key(upload).await? {
            bucket.delete(&key).await?;
        }
        bucket.delete(&keys::upload(&upload.business, upload.id.as_str())).await?;
        Ok(self.store.delete_upload(upload).await?)
    }

    /// Where its cleaned bytes lie, or may lie where whoever put them there died before the record said so.
    async fn cleaned_key(&self, upload: &Upload) -> Result<Option<String>, Refusal> {
        if let Some(file) = &upload.file {
            return Ok(Some(file.kept.key.clone()));
        }
        match self.uploaded(upload).await {
            Ok(bytes) => Ok(Some(cleaned(upload, bytes).0.kept.key)),
            Err(Refusal::NotUploaded { .. } | Refusal::File { .. }) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    async fn drop_file(&self, key: &str) {
        let Ok(bucket) = self.bucket() else { return };
        if let Err(error) = bucket.delete(key).await {
            tracing::warn!(
                error = &error as &(dyn std::error::Error + 'static),
                "a file stays that nobody has"
            );
        }
    }

    pub(crate) fn bucket(&self) -> Result<&Bucket, Refusal> {
        self.files.as_ref().map(|files| &files.bucket).ok_or_else(no_bucket)
    }

    fn upload_url(&self) -> Result<String, Refusal> {
        let files = self.files.as_ref().ok_or_else(no_bucket)?;
        let url = files.bucket.signer().url();
        // On one machine the bucket stands behind the same address.
        Ok(if url.starts_with('/') { format!("{}{url}", files.public_url) } else { url.to_owned() })
    }
}

fn no_bucket() -> Refusal {
    BucketError::Unavailable("no bucket is named".into()).into()
}

fn bad(why: BadFile, upload: Option<&UploadId>, name: &str) -> Refusal {
    Refusal::File { why, upload: upload.cloned(), name: name.to_owned() }
}

/// The bytes as they may leave, and where they lie: what they are is part of the key, so that other bytes never take
/// their place.
fn cleaned(upload: &Upload, bytes: Bytes) -> (Checked, Bytes) {
    let cleaned = file::clean(&bytes);
    let bytes = cleaned.bytes.map_or(bytes, Bytes::from);
    let digest = hex::encode(&Sha256::digest(&bytes)[..8]);
    let key = keys::sent(&upload.business, &format!("{}-{digest}", upload.id));
    let content_type = cleaned.kind.mime().to_owned();
    let kept = Kept::new(key, &bytes);
    (Checked { content_type, kept, may_tell: cleaned.may_tell }, bytes)
}

fn is_same(before: &Upload, now: &Upload) -> bool {
    let what = |it: &Upload| (it.staff.clone(), it.name.clone(), it.content_type.clone(), it.size);
    what(before) == what(now)
}

/// A MIME type in plain signs; whatever else is told is bytes.
fn essence(told: &str) -> String {
    let essence = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_word = |word: &str| {
        (1..=64).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    match essence.split_once('/') {
        Some((kind, form)) if is_word(kind) && is_word(form) => essence,
        _ => "application/octet-stream".to_owned(),
    }
}
