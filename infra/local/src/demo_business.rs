//! The demo business in a store: made when the store is empty, and remembered with its sign-ins in
//! `demo.json`, which only its owner may read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use jiff::tz::TimeZone;
use porchlight_bucket::keys;
use porchlight_domain::file::{FileType, Kept};
use porchlight_domain::hours::time_zone;
use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::Role;
use porchlight_edge::turns::Crowded;
use porchlight_edge::{Platform, password};
use porchlight_simulator::{PHOTO, RunningSimulator};
use porchlight_store::Store;
use serde::{Deserialize, Serialize};

use crate::account::new_password;
use crate::data_folder::write_private;
use crate::demo::generate::{Generator, numbers};
use crate::demo::script::Script;
use crate::demo::spread::Spread;
use crate::demo::story::{Person, Story, StoryFrame};
use crate::demo::{DemoError, load, past, telling};

/// Threads beside those of the script, so that lists are as long as on a real morning.
const MORE_THREADS: u32 = 48;
/// Over which those are spread.
const SIX_WEEKS: Duration = Duration::from_hours(24 * 42);

/// Who can sign in, and where everything is. Printed by `--json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// Where Porchlight answers.
    pub url: String,
    /// Where the simulator answers; absent when a real provider is configured.
    pub simulator_url: Option<String>,
    /// The demo business.
    pub business_id: BusinessId,
    /// Its line, E.164.
    pub line: String,
    /// Who can sign in.
    pub users: Vec<DemoUser>,
}

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoUser {
    /// What they are.
    pub role: Role,
    /// Their id.
    pub id: StaffId,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// The file cannot be used. It says nothing of what it holds.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read ({reason}): restore it, or remove it if nobody needs the demo's sign-ins", path.display())]
pub struct UnreadableDemo {
    path: PathBuf,
    reason: String,
}

/// Reads what a former start made, when there was one.
pub fn read(path: &Path) -> Result<Option<Demo>, UnreadableDemo> {
    let unreadable = |reason| UnreadableDemo { path: path.to_owned(), reason };
    match std::fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| unreadable(format!("line {} is not as it was written", error.line()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(error.to_string())),
    }
}

/// Keeps it.
pub fn write(path: &Path, demo: &Demo) -> std::io::Result<()> {
    write_private(path, &serde_json::to_string_pretty(demo).unwrap_or_default())
}

/// Whom the demo's messages went through.
#[derive(Clone, Copy)]
pub struct Provider<'p> {
    /// The account there.
    pub account_sid: &'p str,
    /// Its API.
    pub url: &'p str,
    /// The simulator, where it is that.
    pub simulator: Option<&'p RunningSimulator>,
}

/// Makes the business, its people and its threads; a simulator then remembers them, too.
pub async fn make(platform: &Platform, store: &Store, provider: Provider<'_>) -> Result<Demo, DemoError> {
    let (mut told, script, users) = begin(platform, provider.account_sid).await?;
    load::business(store, &told).await?;
    let now = platform.clock.now();
    telling::tell(&script, &mut told, provider.url, now, &platform.entropy)?;
    let mut people = std::mem::take(&mut told.people);
    let points = people.iter().flat_map(|person| &person.contacts).map(|(record, _)| record.contact.clone());
    let taken: Vec<ContactPoint> = points.chain([told.line.number.clone()]).collect();
    let share = |index| 2 + u64::from(index % 9);
    people.extend(generated(platform, &told, &taken, MORE_THREADS, SIX_WEEKS, share, None));
    if provider.simulator.is_some() {
        keep_photos(platform, &told.business.id, &mut people).await?;
    }
    let history = provider.simulator.map(|_| people.iter().flat_map(past::of).collect());
    load::people(store, &told.business, people).await?;
    if let Some((simulator, history)) = provider.simulator.zip(history) {
        simulator.remember(history);
    }
    Ok(Demo {
        url: String::new(),
        simulator_url: None,
        business_id: told.business.id,
        line: told.line.number.to_string(),
        users,
    })
}

/// The photos of the story lie with us, as they would had they come in just now.
async fn keep_photos(
    platform: &Platform,
    business: &BusinessId,
    people: &mut [Person],
) -> Result<(), DemoError> {
    let bucket = platform.bucket()?;
    for message in people.iter_mut().flat_map(|person| &mut person.thread.messages) {
        let (conversation, seq) = (message.conversation.clone(), message.seq);
        for (place, file) in message.media_mut().iter_mut().enumerate() {
            let key = keys::received(business, &conversation, seq, place);
            let kept = Kept::new(key, PHOTO);
            bucket.put(&kept.key, Bytes::from_static(PHOTO)).await?;
            file.keep(kept, FileType::of(PHOTO));
        }
    }
    Ok(())
}

/// A business without customers, and its sign-ins.
pub(crate) async fn begin(
    platform: &Platform,
    account_sid: &str,
) -> Result<(Story, Script, Vec<DemoUser>), DemoError> {
    let script = telling::script()?;
    let passwords: Vec<String> = script.staff.iter().map(|_| new_password(&platform.entropy)).collect();
    let hashes = hashes(platform, passwords.clone()).await?;
    let told = telling::business_of(&script, account_sid, &hashes, platform.clock.now(), &platform.entropy)?;
    let users = told.staff.iter().zip(passwords).map(|(staff, password)| DemoUser {
        role: staff.role,
        id: staff.id.clone(),
        email: staff.email.clone(),
        password,
    });
    let users = users.collect();
    Ok((told, script, users))
}

/// `count` people whose numbers are not `taken`, each drawn when it is asked for; the one at `index` has as many
/// messages as `messages` says.
pub(crate) fn generated<'s>(
    platform: &'s Platform,
    told: &'s Story,
    taken: &'s [ContactPoint],
    count: u32,
    since: Duration,
    messages: impl Fn(u32) -> u64 + Send + 's,
    photo: Option<Kept>,
) -> impl Iterator<Item = Person> + Send + 's {
    let ids = |office: bool| {
        let staff = told.staff.iter().filter(move |staff| staff.role.sees_everything() == office);
        staff.map(|staff| staff.id.clone()).collect::<Vec<_>>()
    };
    // The demo's story has its own work.
    let crew = if photo.is_some() { ids(false) } else { Vec::new() };
    // The provider keeps nothing of what is drawn, so its address is not asked for.
    let provider_url = "";
    let (business, line, entropy) = (&told.business, &told.line, &platform.entropy);
    let frame = StoryFrame { business, line, provider_url, entropy, photo };
    let zone = time_zone(&business.time_zone).unwrap_or(TimeZone::UTC);
    let generator = Generator {
        frame,
        office: ids(true),
        crew,
        now: platform.clock.now(),
        spread: Spread { since, zone },
    };
    let numbers = (0..count).zip(numbers(taken));
    numbers.map(move |(index, number)| generator.person(number, index, messages(index)))
}

async fn hashes(platform: &Platform, passwords: Vec<String>) -> Result<Vec<String>, Crowded> {
    let hash = |password| password::hash_aside(password, platform.entropy.clone());
    futures::future::try_join_all(passwords.into_iter().map(hash)).await
}
