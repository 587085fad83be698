//! Throws bytes at `parse::check::weights`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trainmon_fuzz::holds(trainmon::parse::check::weights(bytes));
});
