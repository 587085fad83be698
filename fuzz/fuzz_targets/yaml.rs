//! Throws bytes at `parse::check::yaml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert_eq!(trainmon::parse::check::yaml(bytes), Ok(()));
});
