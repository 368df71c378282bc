//! One flush serves many.
//!
//! The writer commits without flushing (WAL, `synchronous=NORMAL`) and hands the answer over to here. A flush of the WAL
//! covers every commit before it: while one goes on, the answers of the next commits gather, and the next flush serves
//! them all. So an answer comes after the flush of what it tells of, and so does whatever rests on the answer; a claim's
//! flush covers what the claim rests on, since that was committed before it.
//!
//! What is read may not be flushed yet. Whoever answers to the outside for what was read waits for [`Flusher::all`].

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, mpsc};

use tokio::sync::oneshot;

use super::EngineError;

/// Flushes all that was committed before.
pub(super) type Flush = Box<dyn FnMut() -> io::Result<()> + Send>;

/// Gives an answer, if its bytes are safe.
type Answer = Box<dyn FnOnce(Result<(), EngineError>) + Send>;

/// Keeps answers until a flush. Cheap to clone; the last one ends its thread.
#[derive(Clone)]
pub(super) struct Flusher {
    answers: mpsc::Sender<Answer>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Writes that are begun and not flushed.
    open: AtomicUsize,
    /// After a flush that failed nobody knows what the disk holds: nothing is safe until the file is opened anew.
    failed: OnceLock<Arc<io::Error>>,
}

impl State {
    fn soundness(&self) -> Result<(), EngineError> {
        self.failed.get().map_or(Ok(()), |error| Err(EngineError::Unflushed(Arc::clone(error))))
    }
}

/// A flush of the WAL of the store at `path`, through a descriptor of our own.
pub(super) fn wal_of(path: &Path) -> io::Result<Flush> {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    let wal = File::options().read(true).write(true).create(true).truncate(false).open(name)?;
    // That there is such a file must be safe as well.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()?;
    Ok(Box::new(move || wal.sync_data()))
}

impl Flusher {
    /// A thread that flushes.
    pub(super) fn start(flush: Flush) -> Self {
        let (answers, inbox) = mpsc::channel();
        let state = Arc::<State>::default();
        let of_thread = Arc::clone(&state);
        std::thread::Builder::new()
            .name("flush".to_owned())
            .spawn(move || serve(&inbox, &of_thread, flush))
            .expect("a process can start a thread");
        Self { answers, state }
    }

    /// A write begins: from its commit on others may read what is not flushed.
    pub(super) fn begin(&self) {
        self.state.open.fetch_add(1, Ordering::SeqCst);
    }

    /// It wrote nothing that needs a flush.
    pub(super) fn let_go(&self) {
        self.state.open.fetch_sub(1, Ordering::SeqCst);
    }

    /// It is committed; its answer is given after a flush.
    pub(super) fn then(&self, answer: Answer) {
        // The thread ends with the last handle only.
        drop(self.answers.send(answer));
    }

    /// Returns when everything that can be read by now is flushed.
    pub(super) async fn all(&self) -> Result<(), EngineError> {
        if self.state.open.load(Ordering::SeqCst) == 0 {
            return self.state.soundness();
        }
        let (answer, answered) = oneshot::channel();
        self.begin();
        self.then(Box::new(move |flushed| drop(answer.send(flushed))));
        answered.await.map_err(|_| EngineError::Stopped)?
    }
}

fn serve(inbox: &mpsc::Receiver<Answer>, state: &State, mut flush: Flush) {
    while let Ok(first) = inbox.recv() {
        let answers: Vec<Answer> = std::iter::once(first).chain(inbox.try_iter()).collect();
        if state.failed.get().is_none()
            && let Err(error) = flush()
        {
            state.failed.get_or_init(|| Arc::new(error));
        }
        state.open.fetch_sub(answers.len(), Ordering::SeqCst);
        for answer in answers {
            answer(state.soundness());
        }
    }
}
