//! Files that customers sent: from the provider to our bucket, whether anybody looks or not. And files that go to them:
//! their tokens live from the moment of the POST.
//!
//! A file is put under a key that its place makes, and then the message says so: whoever died between the two, or
//! raced another, has put the same bytes in the same place. What cannot be had is due again, for a day.

use std::time::Duration;

use porchlight_bucket::keys;
use porchlight_channel::NoAccount;
use porchlight_desk::FilePlace;
use porchlight_domain::file::{self, FileType, GoesAs, Kept, NotFetched, token};
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::{Media, Message, Outbound};
use porchlight_store::StoreError;
use porchlight_store::records::MessageRecord;
use porchlight_store::uploads::Shared;
use tokio::time::Instant;

use crate::Courier;

/// Files that are held in memory at once: each may have 25 MB.
pub const AT_A_TIME: usize = 2;
/// No file is begun after this; what is left stays due.
const BEGINS_FOR: Duration = Duration::from_secs(40);

/// How long a provider finds a file that it carries.
const CARRIED_FOR: Duration = Duration::from_hours(24);
/// And a customer one behind a link.
const LINKED_FOR: Duration = Duration::from_hours(24 * 30);

impl Courier {
    /// Lets whoever gets the message have its files; the addresses of those that the provider carries.
    pub async fn share_files(
        &self,
        business: &BusinessId,
        out: &Outbound,
    ) -> Result<Vec<String>, StoreError> {
        let mut carried = Vec::new();
        for file in &out.media {
            let (Some(kept), Some(way)) = (&file.kept, &file.way) else { continue };
            let lasts = if way.goes_as == GoesAs::Mms { CARRIED_FOR } else { LINKED_FOR };
            let shared = Shared {
                business: business.clone(),
                content_type: file.content_type.clone(),
                // Twilio takes short names only; phones make up their own.
                name: file.name.clone().filter(|_| way.goes_as == GoesAs::Link).unwrap_or_default(),
                kept: kept.clone(),
                until: self.clock.now() + lasts,
            };
            self.store.share(&token::digest(&way.token), &shared).await?;
            if way.goes_as == GoesAs::Mms {
                carried.push(format!("{}/media/{}", self.public_url, way.token));
            }
        }
        Ok(carried)
    }

    /// Fetches the files of a message that are not tried yet, or due again.
    pub async fn fetch_files(&self, place: &MessageRecord, message: &Message) -> Result<(), StoreError> {
        let begun = Instant::now();
        for (number, file) in message.media().iter().enumerate().filter(|(_, file)| self.is_due(file)) {
            if begun.elapsed() > BEGINS_FOR {
                break;
            }
            self.fetch_file(place, number, file).await?;
        }
        Ok(())
    }

    fn is_due(&self, file: &Media) -> bool {
        let due =
            |fetch: &file::Fetch| fetch.due.is_some_and(|due| fetch.tries == 0 || due <= self.clock.now());
        file.fetch.as_ref().is_some_and(due)
    }

    async fn fetch_file(&self, place: &MessageRecord, number: usize, file: &Media) -> Result<(), StoreError> {
        let fetched = self.taken_in(place, number, file).await;
        let at = FilePlace { conversation: place.conversation.clone(), seq: place.seq, place: number };
        self.desk
            .change_file(&place.business, &at, |file, now| match &fetched {
                Ok((kept, kind)) => file.keep(kept.clone(), *kind),
                Err(why) if file.kept.is_none() => file.fetch_failed(*why, now),
                // Somebody else had more luck.
                Err(_) => {}
            })
            .await?;
        let MessageRecord { business, conversation, seq } = place;
        tracing::info!(%business, %conversation, seq, number, why = ?fetched.err(), "a file was fetched, or not");
        Ok(())
    }

    /// The file, put where it belongs.
    async fn taken_in(
        &self,
        place: &MessageRecord,
        number: usize,
        file: &Media,
    ) -> Result<(Kept, FileType), NotFetched> {
        let _turn = self.fetches.acquire().await.map_err(|_| NotFetched::Unavailable)?;
        let bytes = self.bytes(place, &file.provider_url).await?;
        let key = keys::received(&place.business, &place.conversation, place.seq, number);
        let (kept, kind) = (Kept::new(key, &bytes), FileType::of(&bytes));
        self.bucket.put(&kept.key, bytes.into()).await.map_err(|error| {
            tracing::error!(error = &error as &(dyn std::error::Error + 'static), "a file could not be kept");
            NotFetched::Unavailable
        })?;
        Ok((kept, kind))
    }

    async fn bytes(&self, place: &MessageRecord, address: &str) -> Result<Vec<u8>, NotFetched> {
        let conversation = self.store.conversation(&place.business, &place.conversation).await;
        let conversation = conversation.map_err(|_| NotFetched::Unavailable)?;
        let channel = conversation.as_ref().and_then(|it| it.route()).map(|route| route.channel);
        let carrier =
            channel.and_then(|channel| self.channels.carrier_of(channel)).ok_or(NotFetched::Refused)?;
        let wire = carrier.open(&place.business).await.map_err(|error| {
            if matches!(error, NoAccount::OutOfReach(_)) {
                crate::wake::log_failure(place, &error);
            }
            NotFetched::Unavailable
        })?;
        wire.file(address, file::LARGEST).await
    }
}
