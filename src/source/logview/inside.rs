//! What is inside a line: the draws of a bar one after the other, or a JSON row as it was written.

use std::io;
use std::sync::Arc;

use memchr::memchr_iter;

use crate::model::log::Opened;
use crate::parse::clean::clean;
use crate::parse::logjson;
use crate::parse::logrows;
use crate::source::logfile::LogFile;

/// Draws that are told: the last ones.
const MOST: usize = 500;

/// What is inside the line at `offset`; `None` when it is nothing but its text.
pub(super) fn open(file: &LogFile, offset: u64) -> io::Result<Option<Opened>> {
    let (bytes, left_out) = file.line(offset)?;
    let text = String::from_utf8_lossy(&bytes);
    if logjson::is_row(&text) {
        return Ok(Some(Opened::Json(Arc::from(clean(text.trim_end())))));
    }
    let mut draws: Vec<Arc<str>> = Vec::new();
    let mut start = 0;
    let mut add = |draw: &[u8]| {
        logrows::line(draw, 0, &mut |row| {
            if !row.text.trim().is_empty() {
                draws.push(Arc::from(row.text));
            }
        });
    };
    for end in memchr_iter(b'\r', &bytes) {
        add(bytes.get(start..end).unwrap_or_default());
        start = end + 1;
    }
    add(bytes.get(start..).unwrap_or_default());
    if draws.len() < 2 && left_out == 0 {
        return Ok(None);
    }
    let more = draws.len().saturating_sub(MOST);
    let left_out = more as u64 + u64::from(left_out > 0);
    Ok(Some(Opened::Draws { draws: draws.split_off(more), left_out }))
}
