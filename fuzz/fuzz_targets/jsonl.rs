//! Throws bytes at `parse::check::json_lines`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trainmon_fuzz::holds(trainmon::parse::check::json_lines(bytes));
});
