//! The only place that writes to standard output and standard error.

use std::io;
use std::io::IsTerminal;
use std::io::Write;

use super::failure::Failure;
use crate::parse::clean::is_unsafe;

/// Writes `text` to standard output. A reader that has gone (`| head`) is no error.
pub(super) fn out(text: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Enough),
        Err(error) => Err(Failure::io("cannot write to standard output", &error)),
    }
}

/// Writes one line to standard error, with the program's name before it. Control characters in it (a path can hold an
/// escape sequence) are made visible first.
pub(super) fn complain(line: &str) {
    // when standard error is gone, there is nobody left to tell
    let _ = writeln!(io::stderr().lock(), "trainmon: {}", harmless(line));
}

/// `text` without anything that a terminal would act upon.
pub(super) fn harmless(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// Whether standard output is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Columns of the terminal that standard output is; `None` when it is none, or does not tell.
pub(super) fn width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_sequence_gets_out() {
        assert_eq!(harmless("a\u{1b}[31m\tb\u{9b}c\u{7f}"), "a\u{fffd}[31m\u{fffd}b\u{fffd}c\u{fffd}");
        assert_eq!(harmless("größe ✔"), "größe ✔");
        assert_eq!(harmless("a\u{202e}b"), "a\u{fffd}b", "text is not turned around");
    }
}
