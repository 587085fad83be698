//! Throws bytes at `parse::check::bars`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert_eq!(trainmon::parse::check::bars(bytes), Ok(()));
});
