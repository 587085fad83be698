//! Throws bytes at `parse::check::splitter`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert_eq!(trainmon::parse::check::splitter(bytes), Ok(()));
});
