//! Throws bytes at `parse::check::wandb`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert_eq!(trainmon::parse::check::wandb(bytes), Ok(()));
});
