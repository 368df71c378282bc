//! Bodies of requests, read within bounds of size, time and memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::StreamExt as _;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::answers::Reason;
use super::limits::Limits;

/// Room is counted in pieces of this many bytes.
const PIECE: usize = 1024;
/// How much of a body that is too long is read and dropped: a client that is still sending would not see the
/// answer.
const DROPPED: usize = 64 << 20;

/// Reads bodies. Cheap to clone.
#[derive(Clone)]
pub struct Bodies {
    room: Arc<Semaphore>,
    piece_within: Duration,
    within: Duration,
}

/// A whole body, which takes room as long as it is held.
pub struct WholeBody {
    /// Byte for byte.
    pub bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    /// Reads within these bounds.
    pub fn new(limits: &Limits) -> Self {
        let room = Arc::new(Semaphore::new(limits.body_bytes / PIECE));
        Self { room, piece_within: limits.piece_within, within: limits.body_within }
    }

    /// The whole body, of at most `longest` bytes.
    pub async fn whole(&self, headers: &HeaderMap, body: Body, longest: usize) -> Result<WholeBody, Reason> {
        let ends = Instant::now() + self.within;
        let announced = announced(headers);
        let pieces = body.into_data_stream();
        if announced.is_some_and(|length| length > longest) {
            self.drop_rest(pieces, ends).await;
            return Err(Reason::TooLarge);
        }
        let room = self.room_for(announced.unwrap_or(longest), ends).await?;
        let bytes = self.read(pieces, longest, ends).await?;
        Ok(WholeBody { bytes, _room: room })
    }

    /// Room for so many bytes, when others have given back theirs.
    async fn room_for(&self, bytes: usize, ends: Instant) -> Result<Option<OwnedSemaphorePermit>, Reason> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX);
        if pieces == 0 {
            return Ok(None);
        }
        let room = Arc::clone(&self.room).acquire_many_owned(pieces);
        match timeout_at(ends, room).await {
            Ok(Ok(room)) => Ok(Some(room)),
            Ok(Err(_)) | Err(_) => Err(Reason::Busy),
        }
    }

    async fn read(
        &self,
        mut pieces: BodyDataStream,
        longest: usize,
        ends: Instant,
    ) -> Result<Vec<u8>, Reason> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece(&mut pieces, ends).await? {
            if bytes.len() + piece.len() > longest {
                self.drop_rest(pieces, ends).await;
                return Err(Reason::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    async fn piece(&self, pieces: &mut BodyDataStream, ends: Instant) -> Result<Option<Bytes>, Reason> {
        let next = timeout_at(ends, timeout(self.piece_within, pieces.next()));
        match next.await {
            Ok(Ok(piece)) => piece.transpose().map_err(|_| Reason::TooSlow),
            Ok(Err(_)) | Err(_) => Err(Reason::TooSlow),
        }
    }

    async fn drop_rest(&self, mut pieces: BodyDataStream, ends: Instant) {
        let mut dropped = 0;
        while let Ok(Some(piece)) = self.piece(&mut pieces, ends).await {
            dropped += piece.len();
            if dropped > DROPPED {
                return;
            }
        }
    }
}

/// The length that the head tells; with none, a body that is not chunked is empty.
fn announced(headers: &HeaderMap) -> Option<usize> {
    if headers.contains_key(http::header::TRANSFER_ENCODING) {
        return None;
    }
    let Some(length) = headers.get(CONTENT_LENGTH) else { return Some(0) };
    length.to_str().ok()?.parse().ok()
}
