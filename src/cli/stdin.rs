//! `-`: standard input as a log, which `source` keeps in a file while the program runs.

use std::io;
use std::io::IsTerminal;
use std::thread;
use std::time::Duration;

use super::failure::Failure;
use crate::source::stdin;
use crate::source::stdin::Spool;

/// Begins to take standard input in.
pub(super) fn start() -> Result<Spool, Failure> {
    if io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "-: standard input is a terminal; pipe a log in, such as: python train.py 2>&1 | trainmon -"
                .to_owned(),
        ));
    }
    Spool::start(io::stdin(), &stdin::folder())
        .map_err(|error| Failure::io("-: cannot keep standard input", &error))
}

/// Waits until standard input has come to its end. Tells when some of it could not be kept.
pub(super) fn wait(spool: &Spool) -> Result<(), Failure> {
    while !spool.ended() {
        thread::sleep(LOOK_EVERY);
    }
    match spool.dropped() {
        0 => Ok(()),
        bytes => Err(Failure::Fatal(format!(
            "-: {bytes} bytes of standard input could not be kept; is the disk full?"
        ))),
    }
}

/// Short beside what a person notices, and nothing beside what reading costs.
const LOOK_EVERY: Duration = Duration::from_millis(2);
