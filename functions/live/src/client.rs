//! One open stream.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::Event as Sent;
use porchlight_api::Counts;
use porchlight_api::live::{LiveReady, LiveReload};
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::EventId;
use porchlight_edge::session::SignedIn;
use porchlight_edge::wake::SessionWatch;
use porchlight_store::StoreError;
use porchlight_store::counters::Counters;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, interval_at, sleep_until};

use crate::cursor::Start;
use crate::show::{named, show, show_of_business};
use crate::tail::{Tail, is_fresh};
use crate::told::{News, read_all};
use crate::{Live, counters, warn};

/// How often a stream asks whether its session still lives, where nobody brings word of its end.
const SESSION_CHECK: Duration = Duration::from_secs(10);
/// Missed events that are read and shown together.
const PIECE: usize = 50;

/// One open stream: a queue of what to send, and what fills it.
pub(crate) struct Client {
    live: Live,
    who: SignedIn,
    queue: VecDeque<Sent>,
    /// Where the stream begins, until the missed events are read.
    start: Option<Start>,
    /// Missed events that are still to be told.
    missed: VecDeque<Event>,
    /// Told already while catching up; the tail tells them once more.
    caught_up: HashSet<EventId>,
    events: broadcast::Receiver<Arc<News>>,
    counts: CountsOf,
    ends_at: Instant,
    session_check: Interval,
    session: SessionWatch,
}

/// The numbers above the list, as this client last had them.
struct CountsOf {
    counters: watch::Receiver<Option<Counters>>,
    sent: Option<Counts>,
    /// Something happened that may change them.
    changed: bool,
    not_before: Instant,
}

/// What a client waits for.
enum Next {
    Told(Result<Arc<News>, RecvError>),
    CountersChanged,
    CountsDue,
    CheckSession,
    End,
}

impl Client {
    /// Follows the tail from now on, so that nothing falls between it and the events that were missed.
    pub fn new(live: Live, who: SignedIn, start: Start) -> Self {
        let business = &who.business.id;
        let (events, tail) = live.followed.events(business);
        if let Some(tail) = tail {
            tokio::spawn(Tail::new(live.clone(), business.clone(), tail).run());
        }
        let (counters, count) = live.followed.counters(business);
        if let Some(count) = count {
            tokio::spawn(counters::follow(live.clone(), business.clone(), count));
        }
        let now = Instant::now();
        Self {
            queue: VecDeque::new(),
            start: Some(start),
            missed: VecDeque::new(),
            caught_up: HashSet::new(),
            events,
            counts: CountsOf { counters, sent: None, changed: true, not_before: now },
            ends_at: now + live.stream_lasts,
            session_check: interval_at(now + SESSION_CHECK, SESSION_CHECK),
            session: live.wake.session(&who.session),
            live,
            who,
        }
    }

    /// What is sent next; none when the stream ends. A client comes again and resumes, so whatever cannot be
    /// read ends it too.
    pub async fn next(&mut self) -> Option<Sent> {
        loop {
            if let Some(sent) = self.queue.pop_front() {
                return Some(sent);
            }
            match self.fill().await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    warn(&error, "a live stream ends, as it could not be told what happened");
                    return None;
                }
            }
        }
    }

    /// Waits for something and queues what is to be sent of it, which may be nothing; `false` at the end.
    async fn fill(&mut self) -> Result<bool, StoreError> {
        if let Some(start) = self.start.take() {
            self.begin(start).await?;
            return Ok(true);
        }
        if !self.missed.is_empty() {
            return self.catch_up().await;
        }
        match self.wait().await {
            Next::Told(Ok(told)) => return self.tell(&told).await,
            Next::Told(Err(RecvError::Lagged(_))) => self.reload("slow"),
            Next::Told(Err(RecvError::Closed)) | Next::End => return Ok(false),
            Next::CountersChanged => self.counts.changed = true,
            Next::CountsDue => self.count().await?,
            Next::CheckSession => return self.check_session().await,
        }
        Ok(true)
    }

    async fn wait(&mut self) -> Next {
        let is_office = self.who.viewer.is_office();
        tokio::select! {
            biased;
            () = sleep_until(self.ends_at) => Next::End,
            _ = self.session_check.tick() => Next::CheckSession,
            () = self.session.may_have_ended() => Next::CheckSession,
            () = sleep_until(self.counts.not_before), if self.counts.changed => Next::CountsDue,
            told = self.events.recv() => Next::Told(told),
            Ok(()) = self.counts.counters.changed(), if is_office => Next::CountersChanged,
        }
    }

    /// `ready` comes first, with the cursor to come again with; then what was missed.
    async fn begin(&mut self, start: Start) -> Result<(), StoreError> {
        let now = self.live.clock.now();
        let cursor = start.cursor.unwrap_or_else(|| EventId::from(self.live.entropy.ulid(now)));
        let ready = named("ready", &LiveReady { cursor: cursor.clone(), server_time: now });
        self.queue.push_back(ready.id(cursor.as_str()));
        if let Some(reason) = start.reload {
            self.reload(reason);
        }
        let mut missed = self.live.store.events_from(&self.who.business.id, start.from, now).await?;
        missed.retain(|event| is_fresh(event, now));
        self.missed = missed.into();
        self.caught_up = self.missed.iter().map(|event| event.id.clone()).collect();
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<bool, StoreError> {
        let piece: Vec<Event> = self.missed.drain(..PIECE.min(self.missed.len())).collect();
        for news in read_all(&self.live, &self.who.business.id, piece).await? {
            if !self.queue_shown(&news).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn tell(&mut self, news: &News) -> Result<bool, StoreError> {
        if self.caught_up.contains(&news.event().id) {
            return Ok(true);
        }
        self.queue_shown(news).await
    }

    /// `false` where the stream ends with what happened: its person has left, or was signed out.
    async fn queue_shown(&mut self, news: &News) -> Result<bool, StoreError> {
        let told = match news {
            News::Told(told) => told,
            News::OfBusiness(event) => {
                self.queue.extend(show_of_business(&self.who.viewer, event));
                let may_concern = event.happening == Happening::StaffUpdated;
                return if may_concern { self.check_session().await } else { Ok(true) };
            }
        };
        let now = self.live.clock.now();
        if let Some(event) = show(&self.live.store, &self.who.viewer, told, now).await? {
            self.queue.push_back(event);
            // The office's numbers change with the counters, a technician's with what they see.
            let may_count = told.event.happening.presence_of().is_none();
            self.counts.changed |= may_count && !self.who.viewer.is_office();
        }
        Ok(true)
    }

    fn reload(&mut self, reason: &str) {
        self.queue.push_back(named("reload", &LiveReload { reason: reason.to_owned() }));
    }

    async fn count(&mut self) -> Result<(), StoreError> {
        self.counts.changed = false;
        self.counts.not_before = Instant::now() + counters::EVERY;
        let viewer = &self.who.viewer;
        let counts = if viewer.is_office() {
            self.counts
                .counters
                .borrow_and_update()
                .as_ref()
                .map(|known| Counts::of_office(known, &viewer.staff))
        } else {
            Some(counters::of_technician(&self.live.store, viewer, self.live.clock.now()).await?)
        };
        if let Some(counts) = counts.filter(|counts| self.counts.sent != Some(*counts)) {
            self.counts.sent = Some(counts);
            self.queue.push_back(named("counts", &counts));
        }
        Ok(())
    }

    /// Whether the session still lives; what its person is and may do is taken anew. A client that sees or may do
    /// something else than before loads everything again.
    async fn check_session(&mut self) -> Result<bool, StoreError> {
        let Some(who) = self.live.sessions.resume(&self.who.session).await? else {
            // What was queued for them before is not theirs any more.
            self.queue.clear();
            return Ok(false);
        };
        if who.viewer != self.who.viewer {
            self.reload("access");
            self.counts.changed = true;
        }
        self.who = who;
        Ok(true)
    }
}
