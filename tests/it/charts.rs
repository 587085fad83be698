//! The charts of a run in a real terminal: zoom, smoothing, other y axes, one chart alone.

use std::fmt::Write as _;

use crate::support::pty::Start;
use crate::support::runs::Place;

/// 4,000 steps of a loss that falls by powers of ten and has one spike, and of an accuracy.
fn table() -> String {
    let mut table = "step,loss,accuracy\n".to_owned();
    for step in 1..=4000_u32 {
        let share = f64::from(step) / 4000.0;
        let loss = if step == 3500 { 900.0 } else { 10_f64.powf(2.0 - 5.0 * share) };
        let _ = writeln!(table, "{step},{loss:.6},{share:.4}");
    }
    table
}

#[test]
fn charts_are_zoomed_smoothed_bent_and_shown_alone() {
    let place = Place::new();
    place.run("one", "2026-01-05 10:00:00 INFO begin\n");
    std::fs::write(place.root().join("one/metrics.csv"), table()).expect("a file");
    let session = Start::trainmon(place.root()).size(120, 36).go();
    session.shows("accuracy");
    session.shows("800 ┤");
    session.send("y");
    session.shows("log  step");
    session.shows("0.01 ┤");
    session.send("e");
    session.shows("ema .6 log");
    session.send("f");
    session.hides("best");
    session.shows("0.001 ┤");
    session.send("y");
    session.shows("ema .6 symlog");
    session.send("y");
    session.hides("symlog");
    session.send("o");
    session.shows("▲");
    session.hides("800 ┤");
    session.send("o+");
    session.shows("step 2001 to 4000");
    session.shows("800 ┤");
    session.send("<");
    session.shows("step 1001 to 3000");
    session.hides("800 ┤");
    session.send("x");
    session.shows("loss 0.0178");
    session.send("l");
    // one place further on than what is shown: it comes along
    session.hides("1001 to 3000");
    session.send("\x1b");
    session.hides("0.0178");
    session.send("j");
    session.hides("loss  ");
    session.shows("accuracy");
    session.send("\x1b");
    session.shows("best");
    session.send("0");
    session.hides(" to 3");
}
