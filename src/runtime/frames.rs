//! Brings frames to the terminal by a thread of its own.
//!
//! A terminal behind a dead link takes no bytes for minutes. Were the loop to write by itself it would hear neither keys nor
//! signals for so long, and `kill` would have no effect. One frame is on its way at a time: while it is, none is drawn, so a slow
//! terminal gets fewer frames and never old ones.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;

/// Hands frames to the thread.
#[derive(Debug, Clone)]
pub struct Frames(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    slot: Mutex<Slot>,
    given: Condvar,
    idle: Condvar,
    sent: Notify,
}

#[derive(Debug, Default)]
struct Slot {
    frame: Vec<u8>,
    busy: bool,
    failed: Option<io::ErrorKind>,
}

impl Frames {
    /// Starts the thread; each frame is one `write` unless the terminal takes only a part.
    pub fn start(terminal: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let frames = Self(Arc::clone(&shared));
        thread::Builder::new().name("frames".to_owned()).spawn(move || shared.serve(terminal))?;
        Ok(frames)
    }

    /// Hands a frame over and leaves an empty buffer in its place. Not while another is under way.
    pub fn send(&self, frame: &mut Vec<u8>) {
        let mut slot = self.0.lock();
        if slot.busy {
            return;
        }
        slot.frame.clear();
        std::mem::swap(&mut slot.frame, frame);
        slot.busy = true;
        drop(slot);
        self.0.given.notify_one();
    }

    /// Waits until no frame is under way. An error means that the terminal is gone.
    pub async fn sent(&self) -> io::Result<()> {
        loop {
            {
                let slot = self.0.lock();
                if let Some(kind) = slot.failed {
                    return Err(kind.into());
                }
                if !slot.busy {
                    return Ok(());
                }
            }
            self.0.sent.notified().await;
        }
    }

    /// Waits so long for the frame that is under way, and tells whether it is through.
    pub fn settle(&self, patience: Duration) -> bool {
        let slot = self.0.lock();
        let waited = self.0.idle.wait_timeout_while(slot, patience, |slot| slot.busy);
        let (slot, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !slot.busy
    }
}

impl Shared {
    fn serve(&self, mut terminal: impl Write) {
        let mut frame = Vec::new();
        loop {
            {
                let slot = self.lock();
                let given = self.given.wait_while(slot, |slot| slot.frame.is_empty());
                let mut slot = given.unwrap_or_else(PoisonError::into_inner);
                std::mem::swap(&mut slot.frame, &mut frame);
            }
            let written = terminal.write_all(&frame).and_then(|()| terminal.flush());
            frame.clear();
            let mut slot = self.lock();
            slot.busy = false;
            slot.failed = written.as_ref().err().map(io::Error::kind);
            drop(slot);
            self.idle.notify_all();
            self.sent.notify_one();
            if let Err(error) = written {
                tracing::info!("the terminal takes no more frames: {error}");
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
