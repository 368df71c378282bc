//! The bucket of files: S3's on AWS, a folder on one machine, both through `object_store`; and the forms that
//! browsers upload with.
//!
//! # Layout
//!
//! - [`Bucket`]: get, put, size, delete. [`Guard`]: what a role allows, asked before each act.
//! - [`form`]: the presigned form (SigV4 POST policy), made and checked.
//! - [`signer`]: whose name forms are signed in.
//! - [`keys`]: where what lies. What is uploaded lies below `uploads/`, which alone a form reaches, and is gone after
//!   two days; what messages have lies below `files/`.
//!
//! It must not know messages, tables, nor who may see a file.

pub mod form;
pub mod keys;
pub mod signer;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ClientOptions, GetOptions, ObjectStore, ObjectStoreExt as _, RetryConfig};

pub use self::signer::Signer;

/// Why something was not done with a file.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// There is none under this key.
    #[error("there is no such file")]
    Missing,
    /// The role does not allow it.
    #[error("{0}")]
    Denied(String),
    /// The bucket does not answer as it should.
    #[error("the bucket did not do it")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Says whether an act (`s3:GetObject` and so on) may be done to a key.
pub trait Guard: Send + Sync {
    /// Nothing, or why not.
    fn check(&self, action: &'static str, key: &str) -> Result<(), BucketError>;
}

/// A file, or too much of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Its bytes.
    Bytes(Bytes),
    /// It has more than the caller takes.
    TooLarge,
}

/// All files. Cheap to clone.
#[derive(Clone)]
pub struct Bucket {
    objects: Arc<dyn ObjectStore>,
    guard: Option<Arc<dyn Guard>>,
    signer: Arc<Signer>,
}

impl Bucket {
    /// S3's bucket of this name. `endpoint` is another address of S3, for tests.
    pub fn on_s3(
        name: &str,
        region: &str,
        endpoint: Option<&str>,
        credentials: SharedCredentialsProvider,
    ) -> Result<Self, BucketError> {
        let retry =
            RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(15), ..RetryConfig::default() };
        let options =
            ClientOptions::new().with_timeout(Duration::from_secs(30)).with_allow_http(endpoint.is_some());
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(region)
            .with_retry(retry)
            .with_client_options(options)
            .with_credentials(Arc::new(signer::Lent(credentials.clone())));
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let objects = builder.build().map_err(failed)?;
        Ok(Self::of(Arc::new(objects), Signer::new(name, region, credentials)))
    }

    /// A folder, which is made; what was written there outlives a loss of power.
    pub fn in_folder(folder: &std::path::Path, signer: Signer) -> Result<Self, BucketError> {
        std::fs::create_dir_all(folder).map_err(|error| BucketError::Unavailable(error.into()))?;
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
        Ok(Self::of(Arc::new(objects.with_fsync(true)), signer))
    }

    /// Gone with the process.
    pub fn in_memory(signer: Signer) -> Self {
        Self::of(Arc::new(InMemory::new()), signer)
    }

    fn of(objects: Arc<dyn ObjectStore>, signer: Signer) -> Self {
        Self { objects, guard: None, signer: Arc::new(signer) }
    }

    /// The same, asking `guard` before each act.
    #[must_use]
    pub fn guarded(self, guard: impl Guard + 'static) -> Self {
        Self { guard: Some(Arc::new(guard)), ..self }
    }

    /// Signs forms for it.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    fn may(&self, action: &'static str, key: &str) -> Result<Path, BucketError> {
        if let Some(guard) = &self.guard {
            guard.check(action, key)?;
        }
        Path::parse(key).map_err(|error| BucketError::Unavailable(error.into()))
    }

    /// Whether a form for this key could be used by whoever holds this bucket.
    pub fn may_put(&self, key: &str) -> Result<(), BucketError> {
        self.may("s3:PutObject", key).map(drop)
    }

    /// Puts a file, in place of what was there.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BucketError> {
        let path = self.may("s3:PutObject", key)?;
        self.objects.put(&path, bytes.into()).await.map(drop).map_err(failed)
    }

    /// The whole file, if it has at most so many bytes.
    pub async fn get(&self, key: &str, most: u64) -> Result<Whole, BucketError> {
        let path = self.may("s3:GetObject", key)?;
        let found = self.objects.get(&path).await.map_err(failed)?;
        if found.meta.size > most {
            return Ok(Whole::TooLarge);
        }
        found.bytes().await.map(Whole::Bytes).map_err(failed)
    }

    /// Some of a file's bytes, as they come.
    pub async fn read(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, BucketError>>, BucketError> {
        let path = self.may("s3:GetObject", key)?;
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        let found = self.objects.get_opts(&path, options).await.map_err(failed)?;
        Ok(found.into_stream().map_err(failed).boxed())
    }

    /// How many bytes there are; none without a file.
    pub async fn size(&self, key: &str) -> Result<Option<u64>, BucketError> {
        // S3 asks for the right to get, to tell of a head.
        let path = self.may("s3:GetObject", key)?;
        match self.objects.head(&path).await.map_err(failed) {
            Ok(meta) => Ok(Some(meta.size)),
            Err(BucketError::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// It is gone; as well when it was not there.
    pub async fn delete(&self, key: &str) -> Result<(), BucketError> {
        let path = self.may("s3:DeleteObject", key)?;
        match self.objects.delete(&path).await.map_err(failed) {
            Err(BucketError::Missing) => Ok(()),
            done => done,
        }
    }
}

fn failed(error: object_store::Error) -> BucketError {
    match error {
        object_store::Error::NotFound { .. } => BucketError::Missing,
        other => BucketError::Unavailable(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Only(&'static str);

    impl Guard for Only {
        fn check(&self, action: &'static str, key: &str) -> Result<(), BucketError> {
            let allowed = action == "s3:GetObject" && key.starts_with(self.0);
            allowed.then_some(()).ok_or_else(|| BucketError::Denied(format!("{action} on {key}")))
        }
    }

    async fn whole(bucket: &Bucket, key: &str) -> Result<Whole, BucketError> {
        bucket.get(key, 5).await
    }

    #[tokio::test]
    async fn a_file_is_put_read_in_part_and_gone() {
        let folder = std::env::temp_dir().join(format!("porchlight-bucket-{}", std::process::id()));
        for bucket in [
            Bucket::in_memory(Signer::local("Files", "id", "secret")),
            Bucket::in_folder(&folder, Signer::local("Files", "id", "secret")).expect("a folder"),
        ] {
            bucket.put("files/b/1", Bytes::from_static(b"hello")).await.expect("put");
            assert_eq!(whole(&bucket, "files/b/1").await.expect("there"), Whole::Bytes("hello".into()));
            assert_eq!(bucket.get("files/b/1", 4).await.expect("there"), Whole::TooLarge);
            assert_eq!(bucket.size("files/b/1").await.expect("an answer"), Some(5));
            let pieces = bucket.read("files/b/1", 1..4).await.expect("there");
            let pieces: Vec<Bytes> = pieces.try_collect().await.expect("bytes");
            assert_eq!(pieces.concat(), b"ell");
            bucket.delete("files/b/1").await.expect("deleted");
            bucket.delete("files/b/1").await.expect("as well when it is gone");
            assert_eq!(bucket.size("files/b/1").await.expect("an answer"), None);
            assert!(matches!(whole(&bucket, "files/b/1").await, Err(BucketError::Missing)));
            assert!(whole(&bucket, "files/../secret").await.is_err(), "no key leads out");
        }
        std::fs::remove_dir_all(folder).expect("its own folder");
    }

    #[tokio::test]
    async fn what_the_guard_does_not_allow_is_not_done() {
        let bucket = Bucket::in_memory(Signer::local("Files", "id", "secret"));
        bucket.put("files/1", Bytes::from_static(b"x")).await.expect("put");
        let held = bucket.guarded(Only("files/"));
        assert!(whole(&held, "files/1").await.is_ok());
        assert!(matches!(held.put("files/1", Bytes::new()).await, Err(BucketError::Denied(_))));
        assert!(matches!(held.delete("files/1").await, Err(BucketError::Denied(_))));
        assert!(matches!(whole(&held, "uploads/1").await, Err(BucketError::Denied(_))));
    }
}
