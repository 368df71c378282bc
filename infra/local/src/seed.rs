//! `porchlight seed`: plausible data in any amount, loaded fast into an empty data folder.

use std::path::Path;

use porchlight_edge::BoxError;
use porchlight_engine::Templates;

use crate::account;
use crate::demo::load;
use crate::demo_business::{self, Demo, begin, generated};
use crate::offline::Offline;
use crate::rebuild::rebuild_all;

/// How much was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    /// Threads.
    pub conversations: u32,
    /// Messages in all.
    pub messages: u64,
}

/// Makes a business with `conversations` threads that have `messages` messages in all.
pub async fn seed(data: &Path, templates: &Templates, wanted: Seeded) -> Result<Seeded, BoxError> {
    let Offline { folder, engine, platform } = Offline::open(data, templates).await?;
    let store = platform.store()?;
    if !store.businesses().await?.is_empty() {
        return Err(format!("{} holds data already: seed a new folder (--data)", data.display()).into());
    }
    folder.filling().begin()?;
    engine.load_fast(true).await?;
    let credentials = account::simulated(&platform.entropy);
    let (told, _, users) = begin(&platform, &credentials.account_sid).await?;
    load::business(&store, &told).await?;
    let line = told.line.number.clone();
    let (count, share) = (wanted.conversations, |index| share(wanted, index));
    load::people(&store, &told.business, generated(&platform, &told, &[line], count, share)).await?;
    // What the streams would tell is derived at once, and need not be told again.
    rebuild_all(&folder, &platform).await?;
    engine.forget_stream_records().await?;
    engine.load_fast(false).await?;
    account::keep(&*platform.secrets()?, &told.business.id, &credentials).await?;
    let line = told.line.number.to_string();
    let demo = Demo { url: String::new(), simulator_url: None, business_id: told.business.id, line, users };
    demo_business::write(&folder.demo(), &demo)?;
    folder.filling().end()?;
    Ok(Seeded { messages: (0..count).map(share).sum(), ..wanted })
}

/// The messages of thread `index`: an even share, the first ones one more, and one at least.
fn share(wanted: Seeded, index: u32) -> u64 {
    let conversations = u64::from(wanted.conversations);
    let more = u64::from(u64::from(index) < wanted.messages % conversations);
    (wanted.messages / conversations + more).max(1)
}
