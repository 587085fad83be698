//! Lines that tell of an error: tracebacks, with and without a logger before them, and exceptions that stand alone.

use crate::model::level::Level;
use crate::model::record::Record;
use crate::parse::text::found::error;
use crate::parse::text::out::Out;
use crate::parse::text::prefix::Message;
use crate::parse::text::traceback;
use crate::parse::text::traceback::Seen;

use super::Reader;

/// What JAX prints below an exception.
pub(super) fn is_note(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("For simplicity, JAX has removed") || (text.len() > 8 && text.bytes().all(|b| b == b'-'))
}

impl Reader {
    /// Tracebacks and exceptions. Returns whether the line was one.
    pub(super) fn failed(&mut self, text: &str, message: &Message<'_>, out: &mut Out<'_>) -> bool {
        let raw = if message.rank.is_empty() {
            text
        } else {
            text.split_once("]: ")
                .or_else(|| text.split_once(") "))
                .or_else(|| text.split_once("] "))
                .map_or(text, |(_, rest)| rest)
        };
        // what runs a program may put the time before each of its lines
        let stamped = message.level.is_none() && self.tracebacks.is_stamped();
        let grave = message.level.is_some_and(|level| level >= Level::Error);
        let logged = (grave || stamped) && message.time.is_some();
        let begins = raw.ends_with("Traceback (most recent call last):");
        let timed = begins && message.level.is_none() && message.time.is_some();
        let raw = if begins && (message.level.is_some() || timed) {
            message.body
        } else if logged && !self.tracebacks.is_idle() {
            // a logger's prefix before every line of it
            let before = text.len() - text.trim_end().len() + message.body.len();
            let indented = text.len().checked_sub(before).and_then(|at| text.get(..at));
            if indented.is_some_and(|head| head.ends_with("  ")) { " " } else { message.body }
        } else {
            raw
        };
        if begins {
            self.tracebacks.stamp(timed && message.body.starts_with("Traceback"));
        }
        match self.tracebacks.line(raw, message.rank) {
            Seen::Body => self.level = Some(Level::Error),
            Seen::Error { type_name, message, secondary, harmless, own } => {
                self.level = Some(Level::Error);
                if !secondary {
                    error(type_name, message, !harmless, out);
                }
                if own && !harmless {
                    out.put(&Record::Unbuffered);
                }
            }
            Seen::Other => {
                let quiet = message.level.is_none_or(|level| level >= Level::Error);
                match traceback::alone(message.body).filter(|_| quiet) {
                    Some((type_name, text)) => {
                        self.level = Some(Level::Error);
                        // Julia's
                        let fatal = raw.starts_with("ERROR: LoadError: ");
                        error(type_name, text, fatal, out);
                        let handled = ["ignored", "skipp", "caught", "falling back", "continuing", "retry"];
                        let handled = handled.iter().any(|word| text.to_ascii_lowercase().contains(word));
                        if !handled
                            && message.body == raw
                            && message.level.is_none()
                            && message.time.is_none()
                        {
                            self.last_word = Some((type_name.to_owned(), text.to_owned(), out.origin()));
                        }
                    }
                    None => return false,
                }
            }
        }
        true
    }
}
