//! What happens when the program itself is at fault.
//!
//! On the thread that draws, the terminal is given back before anything else, and what went wrong is told once the screen is
//! gone. A worker's fault must not write over the screen that goes on: it becomes a notice.

use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;

use super::outbox::Outbox;
use super::terminal;

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync + 'static>;

/// Watches over panics until it is dropped; to be made on the thread that draws.
pub struct Watch {
    told: Arc<Mutex<Option<String>>>,
    before: Option<Hook>,
}

impl Watch {
    /// Begins to watch.
    pub fn begin(outbox: Arc<Outbox>) -> Self {
        let screen = thread::current().id();
        let told = Arc::new(Mutex::new(None));
        let tell = Arc::clone(&told);
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let what = describe(info);
            if thread::current().id() == screen {
                terminal::give_back();
                tell.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| what.clone());
            } else {
                outbox.notice(format!("a worker failed, and what it was reading may stand still: {what}"));
            }
            tracing::error!(
                "panic in {}: {what}",
                thread::current().name().unwrap_or("a thread without a name")
            );
        }));
        Self { told, before: Some(before) }
    }

    /// What the first panic of the thread that draws said.
    pub fn told(&self) -> Option<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // a hook cannot be changed while unwinding
        if let Some(before) = self.before.take().filter(|_| !thread::panicking()) {
            std::panic::set_hook(before);
        }
    }
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    match info.location() {
        Some(place) => format!("{message} ({}:{})", place.file(), place.line()),
        None => message.to_owned(),
    }
}
