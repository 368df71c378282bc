//! The files that go with a message: theirs, up, cleaned, each on its way.

use std::collections::BTreeSet;

use porchlight_domain::access::Person;
use porchlight_domain::file::{FileType, GoesAs, carried};
use porchlight_domain::markdown;
use porchlight_domain::message::{Media, Message, Way};
use porchlight_domain::party::Route;
use porchlight_domain::segments;
use porchlight_store::uploads::Upload;

use super::NewText;
use crate::{Desk, Refusal};

/// What goes with a message.
#[derive(Default)]
pub(crate) struct Attached {
    /// To be marked as used.
    pub uploads: Vec<Upload>,
    /// In the order that was asked for.
    pub media: Vec<Media>,
}

impl Desk {
    /// The files of a new message: those that were uploaded for it, or of a resend those of the original.
    pub(crate) async fn attachments(
        &self,
        who: &Person,
        new: &NewText,
        original: Option<&Message>,
    ) -> Result<Attached, Refusal> {
        if new.attachments.is_empty() {
            let media = original.map(Message::media).unwrap_or_default().to_vec();
            return Ok(Attached { uploads: Vec::new(), media });
        }
        let each_once: BTreeSet<_> = new.attachments.iter().collect();
        if each_once.len() < new.attachments.len() || new.attachments.len() > carried::MOST_FILES {
            return Err(Refusal::TooManyFiles);
        }
        let mut uploads = Vec::new();
        for id in &new.attachments {
            uploads.push(self.attached(who, id).await?);
        }
        let tells = |upload: &&Upload| upload.file.as_ref().is_some_and(|file| file.may_tell);
        let asks: Vec<_> = uploads.iter().filter(tells).map(|it| (it.id.clone(), it.name.clone())).collect();
        if !asks.is_empty() && !new.uncleaned {
            return Err(Refusal::AsksFirst(asks));
        }
        let media = uploads.iter().filter_map(|upload| {
            let file = upload.file.clone()?;
            let (content_type, name) = (file.content_type, Some(upload.name.clone()));
            Some(Media { content_type, name, kept: Some(file.kept), ..Media::default() })
        });
        Ok(Attached { media: media.collect(), uploads })
    }

    /// Each file gets its way, and those that go as links stand in the words: what leaves is what the bubble shows.
    pub(crate) fn on_their_way(
        &self,
        route: &Route,
        text: &str,
        media: Vec<Media>,
    ) -> Result<(String, Vec<Media>), Refusal> {
        if media.is_empty() {
            return Ok((text.to_owned(), media));
        }
        // A resend brings the words with the links of last time.
        let old: Vec<String> =
            media.iter().filter_map(|file| Some(self.file_link(&file.way.as_ref()?.token))).collect();
        let said: Vec<&str> =
            text.lines().filter(|line| !old.iter().any(|link| line.trim() == link)).collect();
        let said = said.join("\n").trim_end().to_owned();
        let known = media
            .iter()
            .filter_map(|file| Some((FileType::of_mime(&file.content_type), file.kept.as_ref()?)));
        let ways = carried::goes_as(known, markdown::plain_text(&said).len(), Some(&route.contact));
        let with_way = |(file, goes_as): (Media, GoesAs)| {
            let token = self.new_token();
            Media { way: Some(Way { goes_as, token }), provider_url: String::new(), fetch: None, ..file }
        };
        let media: Vec<Media> =
            media.into_iter().filter(|file| file.kept.is_some()).zip(ways).map(with_way).collect();
        let by_link =
            media.iter().filter_map(|file| file.way.as_ref()).filter(|way| way.goes_as == GoesAs::Link);
        let lines = Some(said)
            .filter(|said| !said.is_empty())
            .into_iter()
            .chain(by_link.map(|way| self.file_link(&way.token)));
        let text = lines.collect::<Vec<_>>().join("\n");
        if segments::is_too_long(&markdown::plain_text(&text)) {
            return Err(Refusal::TooLong);
        }
        Ok((text, media))
    }

    fn file_link(&self, token: &str) -> String {
        let public_url = self.files.as_ref().map_or("", |files| &files.public_url);
        format!("{public_url}/media/{token}")
    }

    /// 128 random bits, in letters and digits that no markdown touches.
    fn new_token(&self) -> String {
        ulid::Ulid::from(u128::from_be_bytes(self.entropy.bytes())).to_string().to_lowercase()
    }
}
