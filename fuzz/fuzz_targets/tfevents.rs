//! Throws bytes at `parse::check::events`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trainmon_fuzz::holds(trainmon::parse::check::events(bytes));
});
