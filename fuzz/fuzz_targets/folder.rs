//! Throws bytes at `track::check::files`, and looks at what is told of such a run.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (facts, kind) = trainmon_fuzz::holds(trainmon::track::check::files(bytes));
    trainmon_fuzz::told(facts, kind);
});
