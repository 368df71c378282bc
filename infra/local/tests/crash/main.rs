//! `porchlight` is killed thirty times while texts come in and answers go out, and nothing is lost, nothing
//! doubles, nothing is off (P1, P2, P4, P8, P9, P10).
//!
//! The provider and its phones live in the test's process and misbehave; the program is the real one, killed
//! with SIGKILL when the traffic has come so far as a seed says. In the end the protocol's long waits are
//! walked through with a clock of the test's, on the very data that the kills left behind.

#[path = "../process/mod.rs"]
mod process;

mod afterwards;
mod scene;
mod threads;
mod traffic;

use porchlight_edge::Entropy;

use crate::scene::Scene;
use crate::threads::Threads;

/// How often the program is killed; more with `CRASH_KILLS=200 cargo test -p porchlight-local --test crash`.
const KILLS: u32 = 30;
/// Steps of the traffic until a kill, at most.
const STEPS: u64 = 180;
/// One kill in so many may come while the program starts.
const EARLY: u64 = 6;
/// The seed of a failed run, to see it again: `CRASH_SEED=… cargo test -p porchlight-local --test crash`.
const SEED: Option<&str> = option_env!("CRASH_SEED");

fn seed() -> u64 {
    let fresh = || u64::from(u32::from_be_bytes(Entropy::system().bytes()));
    SEED.and_then(|seed| seed.parse().ok()).unwrap_or_else(fresh)
}

fn kills() -> u32 {
    option_env!("CRASH_KILLS").and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_kills_lose_nothing_double_nothing_and_leave_every_counter_right() {
    let seed = seed();
    println!("CRASH_SEED={seed}");
    let chance = Entropy::seeded(seed);
    let mut scene = Scene::new(seed).await;
    for _ in 0..kills() {
        let early = draw(&chance, EARLY) == 0;
        scene.run_and_kill(early, draw(&chance, STEPS) + 1, draw(&chance, 300)).await;
    }
    let program = scene.run_to_the_end().await;
    scene.assert_that_traffic_flowed();
    let threads = scene.until_the_feed_has_told_all().await;
    threads.assert_inbound_once(&scene.ledger());
    threads.assert_nothing_posted_twice(&scene.ledger(), &scene.provider());
    Threads::assert_counts_are_right(scene.office()).await;
    program.kill().await;
    afterwards::everything_is_settled(&scene).await;
    scene.assert_log_is_clean();
}

/// A number from 0 to `below`.
fn draw(chance: &Entropy, below: u64) -> u64 {
    u64::from(u32::from_be_bytes(chance.bytes())) % below
}
