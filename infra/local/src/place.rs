//! Where a command works: in a data folder, or on a stack on AWS.

use porchlight_edge::{BoxError, Platform};
use porchlight_engine::Templates;

use crate::cloud::Cloud;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::offline::Offline;

/// The tables and the credentials that a command works with.
pub struct Place {
    /// As people know it.
    pub name: String,
    /// May do everything there.
    pub platform: Platform,
    /// Where Twilio and browsers reach it, when that is known.
    pub public_url: Option<String>,
    /// The account that this machine is configured with: its token is the configuration's to say.
    pub configured_account: Option<String>,
    _held: Option<DataFolder>,
}

impl Place {
    /// The configured data folder, on which nothing may be running.
    pub async fn folder(config: &Config, templates: &Templates) -> Result<Self, BoxError> {
        let Offline { platform, folder, .. } = Offline::open(&config.data, templates).await?;
        let here = || format!("http://localhost:{}", config.port);
        Ok(Self {
            name: config.data.display().to_string(),
            platform,
            public_url: Some(config.public_url.clone().unwrap_or_else(here)),
            configured_account: config.provider()?.map(|provider| provider.credentials.account_sid),
            _held: Some(folder),
        })
    }

    /// A stack on AWS, by its name.
    pub async fn stack(name: &str, templates: &Templates) -> Result<Self, BoxError> {
        let Cloud { platform, public_url } = Cloud::find(name, templates).await?;
        let name = format!("stack {name}");
        Ok(Self { name, platform, public_url, configured_account: None, _held: None })
    }
}
