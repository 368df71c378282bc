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
            _held: Some(folder),
        })
    }

    /// A stack on AWS, by its name.
    pub async fn stack(name: &str, config: &Config, templates: &Templates) -> Result<Self, BoxError> {
        let Cloud { platform, public_url } = Cloud::find(name, templates).await?;
        let public_url = public_url.or_else(|| config.public_url.clone());
        Ok(Self { name: format!("stack {name}"), platform, public_url, _held: None })
    }
}
