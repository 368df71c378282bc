//! The bucket of files on one machine: a folder of the data folder, which each function reaches as far as its role lets
//! it. Who has the folder has the files: it is private, like all of the data folder.

use std::path::Path;

use porchlight_bucket::{Bucket, BucketError, Guard, Signer};
use porchlight_edge::Entropy;
use porchlight_engine::Policy;

/// The bucket of `data.yaml`, as the template's `!Ref` names it on this machine.
pub const NAME: &str = "FileBucket";

/// In this folder, which is made and private.
pub fn in_folder(folder: &Path, entropy: &Entropy) -> Result<Bucket, BucketError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| BucketError::Unavailable(error.into()))?;
    Bucket::in_folder(folder, signer(entropy))
}

/// Gone with the process.
pub fn in_memory(entropy: &Entropy) -> Bucket {
    Bucket::in_memory(signer(entropy))
}

/// Forms last minutes: whoever starts anew signs anew.
fn signer(entropy: &Entropy) -> Signer {
    let secret = hex::encode(entropy.bytes::<32>());
    Signer::local(NAME, "LOCALONTHISMACHINE", &secret)
}

/// The bucket of this name, as far as a role lets its function.
pub fn policed(bucket: &Bucket, name: &str, policy: Policy) -> Bucket {
    bucket.clone().guarded(Role { policy, bucket: name.to_owned() })
}

struct Role {
    policy: Policy,
    bucket: String,
}

impl Guard for Role {
    fn check(&self, action: &'static str, key: &str) -> Result<(), BucketError> {
        let arn = format!("arn:aws:s3:::{}/{key}", self.bucket);
        self.policy.check(action, &arn).map_err(|denied| BucketError::Denied(denied.to_string()))
    }
}
