//! Throws bytes at `parse::check::events`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert_eq!(trainmon::parse::check::events(bytes), Ok(()));
});
