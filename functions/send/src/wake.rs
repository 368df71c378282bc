//! The stream: messages that were just queued.

use futures::StreamExt;
use futures::stream;
use porchlight_edge::{BoxError, Change};
use porchlight_store::records::{MessageRecord, message_record};

use crate::thread::by_thread;
use crate::{Courier, SIDE_BY_SIDE};

/// Delivers what the records are about; the sequence numbers of conversations that failed come again.
pub async fn deliver(courier: Courier, changes: Vec<Change>) -> Result<Vec<String>, BoxError> {
    let named = changes.into_iter().filter_map(|change| {
        let place = message_record(&change.pk, &change.sk)?;
        Some((place, change.sequence_number))
    });
    let threads = by_thread(named);
    let failed = stream::iter(threads.into_values().map(|records| deliver_thread(&courier, records)));
    let failed = failed.buffer_unordered(SIDE_BY_SIDE).collect::<Vec<_>>().await.concat();
    courier.wait_for_noted().await;
    Ok(failed)
}

async fn deliver_thread(courier: &Courier, records: Vec<(MessageRecord, String)>) -> Vec<String> {
    for (place, _) in &records {
        if let Err(error) = courier.deliver_from(place.clone()).await {
            log_failure(place, &error);
            return records.into_iter().map(|(_, number)| number).collect();
        }
    }
    Vec::new()
}

/// Says where delivering failed.
pub fn log_failure(place: &MessageRecord, error: &(dyn std::error::Error + 'static)) {
    let MessageRecord { business, conversation, seq } = place;
    tracing::error!(%business, %conversation, seq, error, "a message could not be worked on just now");
}
