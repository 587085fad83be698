//! Throws bytes at `parse::check::text_log`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trainmon_fuzz::holds(trainmon::parse::check::text_log(bytes));
});
