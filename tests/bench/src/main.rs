//! Measurements, one command: `cargo run --release -p porchlight-bench`. Prints tables for the README.
//!
//! Everything runs on loopback: the release program as a process of its own, its clients in this one, so both
//! share the machine's processors and every figure is on the cautious side.
//!
//! # Layout
//!
//! - [`program`]: builds, seeds, starts and stops `porchlight`. [`provider`]: signed webhooks.
//! - [`start`], [`latency`], [`load`], [`flood`], [`lists`], [`thread`], [`units`],
//!   [`cost`], [`push`], [`seeded`], [`sizes`], [`web`]: one section each.
//! - [`stats`], [`report`]: percentiles, and tables in markdown.
//!
//! It must not know how anything works inside: it asks what a client, a provider or the system can ask.

mod cost;
mod flood;
mod latency;
mod lists;
mod load;
mod program;
mod provider;
mod push;
mod report;
mod seeded;
mod sizes;
mod start;
mod stats;
mod thread;
mod units;
mod web;

use clap::{Parser, ValueEnum};

use crate::program::Binaries;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Section {
    /// From the start of the process to the first answer, and memory while nothing happens.
    Start,
    /// From the webhook to the live feeds.
    Latency,
    /// The highest durable rate of texts.
    Load,
    /// More texts than can be understood.
    Flood,
    /// Lists and searches.
    Lists,
    /// Opening a long thread.
    Thread,
    /// Write units per text.
    Units,
    /// Processor time per act.
    Cost,
    /// From the webhook to the push service.
    Push,
    /// A folder with years of work in it.
    Seeded,
    /// Release binaries.
    Sizes,
    /// The window, in Chromium.
    Web,
}

/// Measures Porchlight and prints tables.
#[derive(Parser)]
struct Asked {
    /// Less of everything: for a look, not for the README.
    #[arg(long)]
    quick: bool,
    /// Measures what was built before, as it is.
    #[arg(long)]
    as_built: bool,
    /// Only these sections.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Section>,
}

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Extent {
    quick: bool,
}

impl Extent {
    /// The whole, or what a quick look takes.
    pub const fn of<T: Copy>(self, whole: T, quick: T) -> T {
        if self.quick { quick } else { whole }
    }
}

#[tokio::main]
async fn main() {
    let asked = Asked::parse();
    let extent = Extent { quick: asked.quick };
    let wants = |section| asked.only.is_empty() || asked.only.contains(&section);
    let binaries = if asked.as_built { Binaries::as_built() } else { Binaries::build() };
    println!("{}\n", report::machine());
    for section in Section::value_variants().iter().filter(|section| wants(**section)) {
        println!("{}", measure(*section, &binaries, extent).await);
    }
}

async fn measure(section: Section, binaries: &Binaries, extent: Extent) -> String {
    match section {
        Section::Start => start::measure(binaries, extent).await.to_string(),
        Section::Latency => latency::measure(binaries, extent).await.to_string(),
        Section::Load => load::measure(binaries, extent).await.to_string(),
        Section::Flood => flood::measure(binaries, extent).await.to_string(),
        Section::Lists => lists::measure(binaries, extent).await.to_string(),
        Section::Thread => thread::measure(binaries, extent).await.to_string(),
        Section::Units => units::measure().await.to_string(),
        Section::Cost => cost::measure(binaries, extent).await.to_string(),
        Section::Push => push::measure(binaries, extent).await.to_string(),
        Section::Seeded => seeded::measure(binaries, extent).await.to_string(),
        Section::Sizes => sizes::measure(binaries, extent).await.to_string(),
        Section::Web => web::measure(binaries, extent).await,
    }
}
