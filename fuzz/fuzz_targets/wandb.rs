//! Throws bytes at `parse::check::wandb`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trainmon_fuzz::holds(trainmon::parse::check::wandb(bytes));
});
