//! `index`, brought the records of both streams as AWS brings them: in order, or not, or twice.

mod blocked;
mod counters;
mod house;
mod internal;
mod members;
mod packing;
mod people;
mod search;
mod snoozes;

/// Everything that both streams hold.
async fn records(house: &house::House) -> Vec<serde_json::Value> {
    house.records_after(house::Known::default()).await.0
}
