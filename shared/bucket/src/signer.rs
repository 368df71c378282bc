//! Whose name forms are signed in: the function's own role, for as long as its credentials last.

use std::sync::Arc;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;
use porchlight_domain::time::Timestamp;

use crate::BucketError;
use crate::form::{self, Field, Rejected, Signing, Upload};

/// Where the bucket of this machine takes forms.
pub const LOCAL: &str = "/bucket";

/// Signs forms for one bucket.
pub struct Signer {
    bucket: String,
    region: String,
    url: String,
    credentials: SharedCredentialsProvider,
}

impl Signer {
    /// For this bucket, with these credentials.
    pub fn new(bucket: &str, region: &str, credentials: SharedCredentialsProvider) -> Self {
        let url = format!("https://{bucket}.s3.{region}.amazonaws.com/");
        Self { bucket: bucket.to_owned(), region: region.to_owned(), url, credentials }
    }

    /// Where forms are posted; of a bucket of this machine only the path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// For a bucket on this machine, which checks with the same.
    pub fn local(bucket: &str, id: &str, secret: &str) -> Self {
        let credentials = Credentials::new(id, secret, Some("this-machine".to_owned()), None, "local");
        let signer = Self::new(bucket, "us-east-1", SharedCredentialsProvider::new(credentials));
        Self { url: LOCAL.to_owned(), ..signer }
    }

    /// A form for this upload and nothing else.
    pub async fn form(&self, upload: &Upload<'_>, now: Timestamp) -> Result<Vec<Field>, BucketError> {
        let credentials = self.credentials().await?;
        Ok(form::fields(upload, &self.signing(&credentials), now))
    }

    /// What a form that came may write, as S3 would check it.
    pub async fn check(&self, fields: &[Field], size: u64, now: Timestamp) -> Result<String, Rejected> {
        let credentials = self.credentials().await.map_err(|_| Rejected::AccessDenied("no credentials"))?;
        form::check(fields, size, &self.signing(&credentials), now)
    }

    async fn credentials(&self) -> Result<Credentials, BucketError> {
        let found = self.credentials.provide_credentials().await;
        found.map_err(|error| BucketError::Unavailable(error.into()))
    }

    fn signing<'s>(&'s self, credentials: &'s Credentials) -> Signing<'s> {
        Signing {
            bucket: &self.bucket,
            region: &self.region,
            id: credentials.access_key_id(),
            secret: credentials.secret_access_key(),
            token: credentials.session_token(),
        }
    }
}

/// The same credentials, as `object_store` asks for them.
#[derive(Debug)]
pub(crate) struct Lent(pub(crate) SharedCredentialsProvider);

#[async_trait]
impl CredentialProvider for Lent {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let found = self
            .0
            .provide_credentials()
            .await
            .map_err(|error| object_store::Error::Generic { store: "S3", source: Box::new(error) })?;
        Ok(Arc::new(AwsCredential {
            key_id: found.access_key_id().to_owned(),
            secret_key: found.secret_access_key().to_owned(),
            token: found.session_token().map(str::to_owned),
        }))
    }
}
