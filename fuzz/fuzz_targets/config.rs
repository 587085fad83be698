//! Throws bytes at `cli::check::settings`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trainmon_fuzz::holds(trainmon::cli::check::settings(bytes));
});
