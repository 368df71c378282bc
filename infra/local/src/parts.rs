//! Whether the parts of a data folder belong together. A sign-in of another store fails without a reason, and a
//! new store beside old credentials hides that the old one is missing: neither is begun with.
//!
//! Invariant: a folder that is refused keeps what it had; where its store is missing, nothing is made in it either.

use std::fmt;
use std::path::{Path, PathBuf};

use porchlight_domain::business::Business;
use porchlight_edge::Secrets;
use porchlight_edge::secrets::provider_credentials;

use crate::data_folder::{DEMO, SECRETS, SIMULATOR, STORE};
use crate::demo_business::Demo;

/// What does not belong together, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Apart {
    /// Parts of a store that is not there.
    #[error(
        "the data folder {} has {parts} but no {STORE}: put back the {STORE} that they belong to, or move them away to begin anew",
        folder.display()
    )]
    NoStore {
        /// Where.
        folder: PathBuf,
        /// What is there.
        parts: Names,
    },
    /// Sign-ins of a business that the store has not.
    #[error(
        "{DEMO} has the sign-ins of a business that is not in {STORE}: put back the two that belong together, or move {DEMO} away to do without its sign-ins"
    )]
    OtherDemo,
    /// No credentials, or another business's.
    #[error(
        "{SECRETS} does not hold the provider's credentials of the demo business: put back the {SECRETS} that belongs to {STORE}, or move the whole data folder away to begin anew"
    )]
    OtherSecrets,
}

/// Names of files, as they are read out.
#[derive(Debug)]
pub struct Names(Vec<String>);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => Ok(()),
            [one] => f.write_str(one),
            [first @ .., last] => write!(f, "{} and {last}", first.join(", ")),
        }
    }
}

/// Parts are of no use without their store.
pub fn have_a_store(folder: &Path) -> Result<(), Apart> {
    let is_there = |name: &str| folder.join(name).metadata().is_ok_and(|it| it.len() > 0);
    if is_there(STORE) {
        return Ok(());
    }
    // SQLite would drop a log whose file is gone, and with it what was acknowledged last.
    let of_a_store = [format!("{STORE}-wal"), DEMO.to_owned(), SECRETS.to_owned(), SIMULATOR.to_owned()];
    let parts: Vec<String> = of_a_store.into_iter().filter(|name| is_there(name)).collect();
    if parts.is_empty() {
        return Ok(());
    }
    Err(Apart::NoStore { folder: folder.to_owned(), parts: Names(parts) })
}

/// The demo's sign-ins, its credentials and the store are of one making.
///
/// `is_simulated`: no real provider is configured, so the credentials of the folder are all there are.
pub async fn belong_together(
    demo: &Demo,
    businesses: &[Business],
    secrets: &dyn Secrets,
    is_simulated: bool,
) -> Result<(), porchlight_edge::BoxError> {
    if businesses.iter().all(|it| it.id != demo.business_id) {
        return Err(Apart::OtherDemo.into());
    }
    if is_simulated && provider_credentials(secrets, &demo.business_id).await?.is_none() {
        return Err(Apart::OtherSecrets.into());
    }
    Ok(())
}
