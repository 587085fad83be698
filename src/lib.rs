//! trainmon: a terminal monitor for people who train models.
//!
//! The house has floors; each may use those below it and none above (`docs/ARCHITECTURE.md` follows one byte through them):
//!
//! | floor | module | what it owns |
//! |---|---|---|
//! | 0 | [`clock`], [`model`] | the clock; plain data |
//! | 1 | [`parse`] | bytes to lines to records; pure |
//! | 2 | [`source`] | the outside world: finding runs, tailing files, watching |
//! | 3 | [`track`] | records to facts, facts to one run and its state; pure |
//! | 4 | [`store`] | all runs, sorted and filtered; pure |
//! | 5 | [`app`], [`report`] | what the user did and sees, as data; the runs as text and JSON; pure |
//! | 6 | [`ui`] | state to cells; pure |
//! | 7 | [`runtime`] | threads, the loop, the terminal |
//! | 8 | [`cli`] | the command line |

pub mod app;
pub mod cli;
pub mod clock;
pub mod model;
pub mod parse;
pub mod report;
pub mod runtime;
pub mod source;
pub mod store;
pub mod track;
pub mod ui;
