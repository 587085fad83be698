//! Python tracebacks: the exception that ends one, chained ones, those of several ranks, and what only follows from them.

use smallvec::SmallVec;

/// What a line is to the traceback at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen<'a> {
    /// Nothing of a traceback.
    Other,
    /// Part of one.
    Body,
    /// The exception at its end.
    Error {
        /// Class, dotted or not.
        type_name: &'a str,
        /// First line of its message.
        message: &'a str,
        /// Another rank's failure, or a launcher's, brought about by one that was reported before.
        secondary: bool,
        /// It ends nothing: what stands above the traceback says so.
        harmless: bool,
        /// The traceback began a line: what Python's buffer holds back is cut in the midst of one when a part of it is out.
        own: bool,
    },
}

/// Tracebacks of one log.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that was said of the traceback under way"
)]
pub(crate) struct Tracebacks {
    /// Ranks (as printed) in the middle of a traceback.
    open: SmallVec<[String; 2]>,
    /// The rank whose exception came first, and how many lines ago.
    first: Option<(String, u32)>,
    /// The line before says that the traceback to come ends nothing.
    harmless: bool,
    /// The traceback under way is such a one.
    quiet: bool,
    /// The traceback under way began a line of its own.
    own: bool,
    /// A time stands before each of its lines, which no logger put there.
    stamped: bool,
}

/// What stands above tracebacks that end no program: of finalizers, of other threads and of the logging module.
const HARMLESS: [&str; 4] =
    ["Exception ignored in", "Exception ignored on", "Exception in thread ", "--- Logging error ---"];

/// Words by which a message says that its program goes on in spite of the traceback that follows.
const SURVIVED: [&str; 12] = [
    "continuing",
    "continue anyway",
    "going on",
    "carrying on",
    "proceeding",
    "skipping",
    "ignoring",
    "ignored",
    "falling back",
    "non-fatal",
    "nonfatal",
    "will retry",
];

/// Whether a message says that what failed is survived: `could not upload, continuing`.
pub(crate) fn is_survived(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let fails = ["fail", "could not", "couldn't", "error", "unable", "exception", "cannot"];
    !text.starts_with([' ', '\t'])
        && SURVIVED.iter().any(|words| lower.contains(words))
        && fails.iter().any(|words| lower.contains(words))
        && !["not continuing", "without continuing", "instead of"].iter().any(|words| lower.contains(words))
}

/// Lines after which a failure of another rank is its own.
const FAR: u32 = 5_000;

fn is_class(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or(text);
    !text.is_empty()
        && text.len() < 120
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        && last.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
}

/// `Class: message` or `Class`, as the last line of a traceback has it.
fn exception(body: &str) -> Option<(&str, &str)> {
    // Ray wraps the cause: `ray.exceptions.RayTaskError(ValueError): …`
    if let Some((cause, rest)) =
        body.strip_prefix("ray.exceptions.RayTaskError(").and_then(|rest| rest.split_once(')'))
    {
        return is_class(cause).then_some((cause, rest.trim_start_matches([':', ' '])));
    }
    let (class, message) = match body.split_once(':') {
        Some((class, message)) => (class, message.trim()),
        None => (body, ""),
    };
    is_class(class).then_some((class, message))
}

/// Whether a class by its name alone is an exception.
pub(crate) fn is_error_name(class: &str) -> bool {
    let last = class.rsplit('.').next().unwrap_or(class);
    ["Error", "Exception", "Interrupt", "Exit", "Warning", "Timeout", "Iteration", "Fault"]
        .iter()
        .any(|end| last.ends_with(end))
}

impl Tracebacks {
    /// Whether no traceback is under way, nor one so near that what follows may be its consequence.
    pub(crate) fn is_idle(&self) -> bool {
        self.open.is_empty()
    }

    /// A line that was known before: what it says of tracebacks was nothing.
    pub(crate) fn other(&mut self) {
        self.harmless = false;
    }

    /// Whether a time that no logger wrote stands before each line of the traceback under way.
    pub(crate) fn is_stamped(&self) -> bool {
        self.stamped && !self.open.is_empty()
    }

    /// Whether such times stand before the lines of the traceback that begins.
    pub(crate) fn stamp(&mut self, stamped: bool) {
        self.stamped = stamped;
    }

    /// Looks at a line; `raw` keeps its indent, `rank` is who wrote it.
    pub(crate) fn line<'a>(&mut self, raw: &'a str, rank: &str) -> Seen<'a> {
        if let Some((_, lines)) = &mut self.first {
            *lines += 1;
            if *lines > FAR {
                self.first = None;
            }
        }
        let text = raw.trim_end();
        let begins = HARMLESS.iter().any(|start| text.starts_with(start))
            // Optuna goes on to the next trial; if it does not, another traceback follows
            || text.contains(" because of the following error: ")
            || (self.open.is_empty() && is_survived(text));
        let harmless = std::mem::replace(&mut self.harmless, begins);
        if text.ends_with("Traceback (most recent call last):") {
            self.quiet = harmless;
            self.own = text.starts_with("Traceback");
            if !self.open.iter().any(|r| r == rank) && self.open.len() < 64 {
                self.open.push(rank.to_owned());
            }
            return Seen::Body;
        }
        let Some(at) = self.open.iter().position(|r| r == rank) else { return Seen::Other };
        // the first line of a group of exceptions: `  | ExceptionGroup: workers failed (2 sub-exceptions)`
        if let Some((type_name, message)) = text.trim_start().strip_prefix("| ").and_then(exception)
            && type_name.ends_with("ExceptionGroup")
        {
            self.open.remove(at);
            return Seen::Error { type_name, message, secondary: false, harmless: self.quiet, own: false };
        }
        if text.trim().is_empty()
            || text.starts_with(' ')
            || text.starts_with('\t')
            || text.trim_start().starts_with("+-")
            || text.trim_start().starts_with("| ")
        {
            return Seen::Body;
        }
        self.open.remove(at);
        let Some((type_name, message)) = exception(text.trim()) else { return Seen::Other };
        let launcher = type_name.ends_with("ChildFailedError");
        let other = self.first.as_ref().is_some_and(|(first, _)| first != rank);
        let secondary = (launcher && self.first.is_some()) || other;
        if !secondary {
            self.first = Some((rank.to_owned(), 0));
        }
        Seen::Error { type_name, message, secondary, harmless: self.quiet, own: self.own }
    }
}

/// An exception that stands alone on its line, without a traceback (`KeyboardInterrupt`, `RuntimeError: CUDA error…`).
pub(crate) fn alone(body: &str) -> Option<(&str, &str)> {
    let (class, message) = exception(body)?;
    let known = is_error_name(class)
        && !class.ends_with("Warning")
        && !class.ends_with("Iteration")
        && class.len() > 5
        && class != "Interrupt";
    (known && (class == "KeyboardInterrupt" || !message.is_empty())).then_some((class, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(lines: &[(&str, &str)]) -> Vec<(String, bool)> {
        let mut seen = Tracebacks::default();
        let mut out = Vec::new();
        for (raw, rank) in lines {
            if let Seen::Error { type_name, secondary, .. } = seen.line(raw, rank) {
                out.push((type_name.to_owned(), secondary));
            }
        }
        out
    }

    #[test]
    fn the_last_of_a_chain_is_the_one() {
        let got = errors(&[
            ("it/s]Traceback (most recent call last):", ""),
            ("  File \"a.py\", line 1", ""),
            ("KeyError: 'x'", ""),
            ("", ""),
            ("The above exception was the direct cause of the following exception:", ""),
            ("", ""),
            ("Traceback (most recent call last):", ""),
            ("  File", ""),
            ("torch.OutOfMemoryError: CUDA out of memory", ""),
            ("hint: check", ""),
        ]);
        assert_eq!(got, [("KeyError".to_owned(), false), ("torch.OutOfMemoryError".to_owned(), false)]);
    }

    #[test]
    fn other_ranks_and_launchers_follow_from_the_first() {
        let head = "Traceback (most recent call last):";
        let got = errors(&[
            (head, "rank1"),
            ("  File", "rank1"),
            (head, "rank0"),
            ("ValueError: bad", "rank1"),
            ("  File", "rank0"),
            ("RuntimeError: Connection closed by peer", "rank0"),
            (head, ""),
            ("  File", ""),
            ("torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ", ""),
        ]);
        assert_eq!(
            got,
            [
                ("ValueError".to_owned(), false),
                ("RuntimeError".to_owned(), true),
                ("torch.distributed.elastic.multiprocessing.errors.ChildFailedError".to_owned(), true)
            ]
        );
    }

    #[test]
    fn what_a_message_says_to_be_survived_ends_nothing() {
        let harmless = |above: &str| {
            let mut seen = Tracebacks::default();
            let lines = [above, "Traceback (most recent call last):", "  File", "OSError: no route"];
            lines.iter().any(|line| matches!(seen.line(line, ""), Seen::Error { harmless: true, .. }))
        };
        for above in [
            "2026-01-05 10:00:00 ERROR failed to send metrics, continuing without them",
            "WARNING: could not write the cache; falling back to memory",
        ] {
            assert!(harmless(above), "{above}");
        }
        for above in
            ["continuing from checkpoint 3", "ERROR training failed", "epoch 3 loss 0.3", "skipping batch 7"]
        {
            assert!(!harmless(above), "{above}");
        }
    }

    #[test]
    fn alone_needs_a_name_that_says_it() {
        assert_eq!(alone("KeyboardInterrupt"), Some(("KeyboardInterrupt", "")));
        assert_eq!(alone("RuntimeError: CUDA error: x"), Some(("RuntimeError", "CUDA error: x")));
        for text in ["Epoch: 3", "Error: 5", "UserWarning: x", "Note: this", "KeyError", "Loss: 0.1"] {
            assert_eq!(alone(text), None, "{text}");
        }
    }
}
