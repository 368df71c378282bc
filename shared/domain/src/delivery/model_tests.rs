//! The whole send protocol in a small world: concurrent invocations that crash anywhere, sweeps, callbacks,
//! and a provider that accepts, refuses and loses answers, in any interleaving, over a store with
//! conditional writes (P4, P5, P6).

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::samples::{at, phone, reason};

/// The provider tries no longer (its default `ValidityPeriod`).
const VALIDITY: Duration = Duration::from_hours(10);

/// What happens to one POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Luck {
    Accepted,
    AcceptedButAnswerLost,
    NeverArrivedNoAnswer,
    Busy,
    Refused,
}

/// One thing that happens in the world; numbers choose among what there is.
#[derive(Clone, Debug)]
enum Act {
    Invoke(usize),
    Step(usize, Luck),
    Crash(usize),
    Sweep(usize),
    Callback(usize),
    Wait(u64),
    OptOut(bool),
}

/// Where an invocation of `send` stands; it may die before each step.
#[derive(Clone, Debug)]
enum Stage {
    Read,
    Claim { read: u64, delivery: Delivery },
    Post { delivery: Delivery },
    Settle { outcome: PostOutcome },
}

#[derive(Clone, Debug)]
struct Invocation {
    message: usize,
    claim: ClaimId,
    stage: Stage,
}

/// A message at the provider.
#[derive(Clone, Debug)]
struct Accepted {
    message: usize,
    sid: String,
    at: Timestamp,
    status: ProviderStatus,
}

/// A message as stored; every write needs the version that was read.
struct Stored {
    version: u64,
    delivery: Delivery,
    /// Each POST so far: whether its answer proved that nothing was accepted.
    posts: Vec<bool>,
    was_unknown: bool,
}

struct World {
    now: Timestamp,
    stored: Vec<Stored>,
    running: Vec<Invocation>,
    provider: Vec<Accepted>,
    opted_out: bool,
    claims: u32,
}

impl World {
    fn new(messages: usize) -> Self {
        let stored = |_| Stored {
            version: 0,
            delivery: Delivery::queued(at(0)),
            posts: Vec::new(),
            was_unknown: false,
        };
        Self {
            now: at(0),
            stored: (0..messages).map(stored).collect(),
            running: Vec::new(),
            provider: Vec::new(),
            opted_out: false,
            claims: 0,
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Invoke(n) => self.invoke(n % self.stored.len()),
            Act::Step(n, luck) => self.step(*n, *luck),
            Act::Crash(n) => drop(self.take_running(*n)),
            Act::Sweep(n) => self.sweep(n % self.stored.len()),
            Act::Callback(n) => self.callback(*n),
            Act::Wait(seconds) => self.pass(Duration::from_secs(*seconds)),
            Act::OptOut(out) => self.opted_out = *out,
        }
    }

    fn write(&mut self, message: usize, read: u64, delivery: Delivery) -> bool {
        let stored = &mut self.stored[message];
        if stored.version != read {
            return false;
        }
        stored.version += 1;
        stored.was_unknown |= delivery.status() == Status::Unknown;
        stored.delivery = delivery;
        true
    }

    /// A write that reads and tries again until nobody came between.
    fn update(&mut self, message: usize, change: impl FnOnce(&mut Delivery)) {
        let mut delivery = self.stored[message].delivery.clone();
        change(&mut delivery);
        assert!(self.write(message, self.stored[message].version, delivery));
    }

    fn invoke(&mut self, message: usize) {
        self.claims += 1;
        let claim = ClaimId::new(self.claims.to_string());
        self.running.push(Invocation { message, claim, stage: Stage::Read });
    }

    fn take_running(&mut self, n: usize) -> Option<Invocation> {
        (!self.running.is_empty()).then(|| self.running.swap_remove(n % self.running.len()))
    }

    /// The next step of one invocation; it goes on unless it has come to its end.
    fn step(&mut self, n: usize, luck: Luck) {
        let Some(Invocation { message, claim, stage }) = self.take_running(n) else { return };
        let next = match stage {
            Stage::Read => self.read(message),
            Stage::Claim { read, delivery } => self.claim(message, &claim, read, delivery, luck),
            Stage::Post { delivery } => self.post(message, &claim, &delivery, luck),
            Stage::Settle { outcome } => self.settle(message, &claim, outcome),
        };
        if let Some(stage) = next {
            self.running.push(Invocation { message, claim, stage });
        }
    }

    fn read(&self, message: usize) -> Option<Stage> {
        let held = self.stored[..message].iter().any(|earlier| earlier.delivery.holds_later());
        let Stored { version, delivery, .. } = &self.stored[message];
        (!held).then(|| Stage::Claim { read: *version, delivery: delivery.clone() })
    }

    fn claim(
        &mut self,
        message: usize,
        claim: &ClaimId,
        read: u64,
        mut delivery: Delivery,
        luck: Luck,
    ) -> Option<Stage> {
        delivery.claim(claim.clone(), self.now).ok()?;
        self.write(message, read, delivery.clone());
        if luck == Luck::AcceptedButAnswerLost {
            // The SDK tries the write again: now the condition fails whoever wrote.
            self.write(message, read, delivery.clone());
        }
        // Whatever the answer: the item tells whether the claim is ours.
        self.stored[message].delivery.is_claimed_by(claim).then_some(Stage::Post { delivery })
    }

    fn post(&mut self, message: usize, claim: &ClaimId, delivery: &Delivery, luck: Luck) -> Option<Stage> {
        if self.opted_out {
            let mut delivery = self.stored[message].delivery.clone();
            delivery.refuse(claim, FailureReason::opted_out()).ok()?;
            self.write(message, self.stored[message].version, delivery);
            return None;
        }
        if !delivery.may_post(claim, self.now) {
            let now = self.now;
            self.update(message, |delivery| _ = delivery.release(claim, now, now));
            return None;
        }
        let proven = &mut self.stored[message].posts;
        assert!(proven.iter().all(|not_accepted| *not_accepted), "a second POST without proof");
        proven.push(matches!(luck, Luck::Busy | Luck::Refused));
        Some(Stage::Settle { outcome: self.provider_answers(message, luck) })
    }

    fn provider_answers(&mut self, message: usize, luck: Luck) -> PostOutcome {
        match luck {
            Luck::Busy => PostOutcome::NotAccepted { code: Some(20429), retry_after: None },
            Luck::Refused => PostOutcome::Rejected(reason(3)),
            Luck::NeverArrivedNoAnswer => PostOutcome::Unknown,
            Luck::Accepted | Luck::AcceptedButAnswerLost => {
                self.assert_order(message);
                let sid = format!("SM{}", self.provider.len());
                let status = ProviderStatus::Queued;
                self.provider.push(Accepted { message, sid, at: self.now, status });
                let accepted = self.evidence(self.provider.len() - 1);
                if luck == Luck::Accepted { PostOutcome::Accepted(accepted) } else { PostOutcome::Unknown }
            }
        }
    }

    /// Nothing overtakes a message of its thread, except one whose fate was unknown.
    fn assert_order(&self, message: usize) {
        for later in self.provider.iter().filter(|accepted| accepted.message > message) {
            assert!(self.stored[message].was_unknown, "{} overtook {message}", later.message);
        }
    }

    fn settle(&mut self, message: usize, claim: &ClaimId, outcome: PostOutcome) -> Option<Stage> {
        let mut after = After::Stale;
        let now = self.now;
        self.update(message, |delivery| after = delivery.settle_post(claim, outcome, now));
        let delivery = self.stored[message].delivery.clone();
        matches!(after, After::Retry { .. }).then_some(Stage::Post { delivery })
    }

    fn evidence(&self, accepted: usize) -> Evidence {
        let Accepted { sid, status, .. } = &self.provider[accepted];
        let error = (*status == ProviderStatus::Undelivered).then(|| reason(3));
        Evidence { sid: sid.clone(), status: *status, error, raw_date: None, seen_at: self.now }
    }

    /// The provider gets on with a message and calls back, naming our message.
    fn callback(&mut self, n: usize) {
        if self.provider.is_empty() {
            return;
        }
        let accepted = n % self.provider.len();
        self.get_on(accepted);
        let evidence = self.evidence(accepted);
        self.update(self.provider[accepted].message, |delivery| _ = delivery.record(evidence));
    }

    /// Time passes; what the provider could not deliver within its validity is final there, told or not.
    fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
        for accepted in 0..self.provider.len() {
            if self.now.since(self.provider[accepted].at) >= VALIDITY {
                self.get_on(accepted);
                self.get_on(accepted);
            }
        }
    }

    fn get_on(&mut self, accepted: usize) {
        let one = &mut self.provider[accepted];
        one.status = match one.status {
            ProviderStatus::Queued => ProviderStatus::Sent,
            ProviderStatus::Sent if one.message % 2 == 1 => ProviderStatus::Undelivered,
            ProviderStatus::Sent => ProviderStatus::Delivered,
            last => last,
        };
    }

    fn sweep(&mut self, message: usize) {
        let now = self.now;
        match self.stored[message].delivery.next_step(now) {
            Step::Claim => self.invoke(message),
            Step::ExpireClaim => {
                self.update(message, |delivery| delivery.expire_claim(now).expect("its next step"));
            }
            Step::AskList => {
                let found = self.ask_list(message);
                self.update(message, |delivery| match found {
                    Some(evidence) => _ = delivery.record(evidence),
                    None => delivery.asked_provider(now),
                });
            }
            Step::FetchBySid(sid) => {
                let accepted = self.provider.iter().position(|one| one.sid == sid).expect("its own SID");
                let evidence = self.evidence(accepted);
                self.update(message, |delivery| {
                    delivery.record(evidence);
                    delivery.fetched_by_sid(now);
                });
            }
            Step::AskPrice(_) => self.update(message, |delivery| delivery.priced(None, now)),
            Step::Judge | Step::Nothing => {}
        }
    }

    fn ask_list(&self, message: usize) -> Option<Evidence> {
        let (to, from) = (phone("+12075550142"), phone("+12075550100"));
        let entry = |one: &Accepted| ListedMessage {
            sid: one.sid.clone(),
            to: to.clone(),
            from: Some(from.clone()),
            body: format!("message {}", one.message),
            created_at: one.at,
            status: one.status,
            error: (one.status == ProviderStatus::Undelivered).then(|| reason(3)),
        };
        let listed: Vec<_> = self.provider.iter().map(entry).collect();
        let owned = |sid: &str| self.stored.iter().any(|stored| stored.delivery.sids().any(|own| own == sid));
        let window = self.stored[message].delivery.post_window().expect("unknown");
        let lost =
            Lost { to: &to, from: std::slice::from_ref(&from), body: &format!("message {message}"), window };
        match_listed(&lost, &listed, owned).map(|entry| entry.evidence(self.now))
    }

    /// Every invocation dies, every further callback is lost; only sweeps go on.
    fn quiet_end(&mut self) {
        self.running.clear();
        while let Some(due) = self.stored.iter().filter_map(|stored| stored.delivery.due_at()).min() {
            self.pass(due.since(self.now) + Duration::from_secs(1));
            for message in 0..self.stored.len() {
                self.sweep(message);
                while !self.running.is_empty() {
                    self.step(0, Luck::Accepted);
                }
            }
        }
    }

    fn assert_all_told(&self) {
        for (message, stored) in self.stored.iter().enumerate() {
            let accepted: Vec<_> = self.provider.iter().filter(|one| one.message == message).collect();
            assert!(accepted.len() <= 1, "accepted twice");
            let status = stored.delivery.status();
            match accepted.first() {
                Some(one) => assert_eq!(status, Status::from(one.status), "as the provider has it"),
                None => assert!(matches!(status, Status::Failed | Status::Unknown), "{status:?}"),
            }
        }
    }
}

fn any_act() -> impl Strategy<Value = Act> {
    let luck = prop_oneof![
        4 => Just(Luck::Accepted),
        2 => Just(Luck::AcceptedButAnswerLost),
        1 => Just(Luck::NeverArrivedNoAnswer),
        3 => Just(Luck::Busy),
        1 => Just(Luck::Refused),
    ];
    let seconds = prop_oneof![4 => 0..25_u64, 2 => 25..200_u64, 1 => 200..20_000_u64];
    prop_oneof![
        3 => (0..3_usize).prop_map(Act::Invoke),
        12 => (0..9_usize, luck).prop_map(|(n, luck)| Act::Step(n, luck)),
        1 => (0..9_usize).prop_map(Act::Crash),
        3 => (0..3_usize).prop_map(Act::Sweep),
        2 => (0..9_usize).prop_map(Act::Callback),
        3 => seconds.prop_map(Act::Wait),
        1 => any::<bool>().prop_map(Act::OptOut),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_interleaving_of_crashes_posts_twice_or_loses_or_reorders_p4(
        acts in proptest::collection::vec(any_act(), 1..80),
    ) {
        let mut world = World::new(3);
        for act in &acts {
            world.act(act);
        }
        world.quiet_end();
        world.assert_all_told();
    }
}
