//! doctor
use super::failure::Failure;
use super::settings::Settings;
use std::path::PathBuf;
pub(super) fn print(_p: &[PathBuf], _settings: &Settings) -> Result<(), Failure> {
    Ok(())
}
