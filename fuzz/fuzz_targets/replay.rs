//! Throws bytes at `parse::check::replays`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert_eq!(trainmon::parse::check::replays(bytes), Ok(()));
});
