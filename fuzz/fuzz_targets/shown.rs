//! Throws bytes at `parse::check::shown`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trainmon_fuzz::holds(trainmon::parse::check::shown(bytes));
});
