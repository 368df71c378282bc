//! Everything that is there while the simulator runs, shared by all its tasks.

use std::collections::{BTreeSet, HashSet};
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;

use crate::config::{Line, Pace, Personas, SimulatorConfig};
use crate::events::{Change, EventLog};
use crate::faults::{FaultSettings, Faults, Planned};
use crate::journal::Journal;
use crate::message::Message;
use crate::server::StartError;
use crate::state::{Record, State};
use crate::webhook::usual_client;

/// The shared whole.
pub(crate) struct World {
    pub account_sid: String,
    pub auth_token: String,
    pub seed: u64,
    pub pace: Pace,
    pub personas: Personas,
    pub answering: AtomicBool,
    /// Texts of bursts so far.
    in_bursts: AtomicU32,
    /// Where this simulator itself is reached: media of inbound texts live there.
    pub base_url: String,
    pub events: Arc<EventLog>,
    /// For webhooks.
    pub http: reqwest::Client,
    inner: Mutex<Inner>,
    tasks: Mutex<JoinSet<()>>,
}

/// What changes, under one lock that is never held across an await.
pub(crate) struct Inner {
    pub state: State,
    pub faults: Faults,
    pub lines: Vec<Line>,
    /// The lines whose unfinished messages of a former run go on.
    pub resumed: BTreeSet<String>,
    pub inbox_url: Option<String>,
    /// Reports under way, so that none begins twice; one cut off by a stop begins anew.
    pub reporting: HashSet<(String, &'static str)>,
    events: Arc<EventLog>,
    journal: Option<Journal>,
}

impl World {
    /// The place of the first of so many texts at once; none comes twice, nor after a restart.
    pub fn begin_burst(&self, count: u32) -> u32 {
        let known = u32::try_from(self.lock().state.messages().len()).unwrap_or(u32::MAX);
        let next = |so_far: u32| Some(so_far.max(known).saturating_add(count));
        let before = self.in_bursts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
        before.unwrap_or_else(|so_far| so_far).max(known)
    }

    /// Sets up a world, with what its state file remembers.
    pub fn new(config: SimulatorConfig, base_url: String) -> Result<Self, StartError> {
        let opened = config.state_file.as_deref().map(Journal::open).transpose()?;
        let (journal, records) =
            opened.map_or((None, Vec::new()), |(journal, records)| (Some(journal), records));
        let mut state = State::default();
        for record in records {
            state.apply(record);
        }
        let faults = Faults::new(config.seed, config.faults);
        let events = Arc::new(EventLog::new());
        Ok(Self {
            account_sid: config.account_sid,
            auth_token: config.auth_token,
            seed: config.seed,
            pace: config.pace,
            answering: AtomicBool::new(config.personas.answering),
            personas: config.personas,
            in_bursts: AtomicU32::new(0),
            base_url,
            events: Arc::clone(&events),
            http: usual_client()?,
            inner: Mutex::new(Inner {
                state,
                faults,
                lines: config.lines,
                resumed: BTreeSet::new(),
                inbox_url: config.inbox_url,
                reporting: HashSet::new(),
                events,
                journal,
            }),
            tasks: Mutex::default(),
        })
    }

    /// The changing part, locked.
    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps and applies a change.
    pub fn commit(&self, record: Record) {
        self.lock().commit(record);
    }

    /// Sets what goes wrong by itself.
    pub fn set_faults(&self, settings: FaultSettings) {
        self.lock().faults.settings = settings;
        self.events.tell(Change::Faults);
    }

    /// Plans a fault for the next messages that fit.
    pub fn plan_fault(&self, planned: Planned) {
        self.lock().faults.planned.push(planned);
        self.events.tell(Change::Faults);
    }

    /// Lets phones answer by themselves, or not.
    pub fn set_answering(&self, answering: bool) {
        self.answering.store(answering, Ordering::Relaxed);
        self.events.tell(Change::Settings);
    }

    /// A copy of a message.
    pub fn message(&self, sid: &str) -> Option<Message> {
        self.lock().state.message(sid).cloned()
    }

    /// A line by its number.
    pub fn line(&self, number: &str) -> Option<Line> {
        self.lock().lines.iter().find(|line| line.number == number).cloned()
    }

    /// Runs something in the background until it ends or the simulator is shut down.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Stops all background work where it stands, as a crash would.
    pub fn stop(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    /// Forgets messages, opt-outs, events and faults; lines stay.
    pub fn reset(self: &Arc<Self>) {
        self.stop();
        let mut inner = self.lock();
        inner.state = State::default();
        inner.reporting.clear();
        inner.faults = Faults::new(self.seed, FaultSettings::default());
        if let Some(Err(error)) = inner.journal.as_mut().map(Journal::clear) {
            tracing::error!(%error, "the simulator's state file cannot be emptied");
        }
        drop(inner);
        self.answering.store(self.personas.answering, Ordering::Relaxed);
        self.events.clear();
    }
}

impl Inner {
    /// Keeps and applies a change.
    pub fn commit(&mut self, record: Record) {
        self.commit_all(vec![record]);
    }

    /// Keeps and applies changes, in one write. A full disk does not stop the simulator; its state then ends with it.
    pub fn commit_all(&mut self, records: Vec<Record>) {
        if let Some(Err(error)) = self.journal.as_mut().map(|journal| journal.append(&records)) {
            tracing::error!(%error, "the simulator's state file cannot be written");
        }
        for record in records {
            let phones: Vec<String> = self.state.phones_of(&record).into_iter().map(str::to_owned).collect();
            self.state.apply(record);
            for number in phones {
                self.events.tell(Change::Phone { number });
            }
        }
    }
}
