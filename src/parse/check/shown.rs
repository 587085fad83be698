//! What must hold for any bytes of which rows are shown: nothing that a terminal acts upon comes out.

use std::borrow::Cow;

use super::Broken;
use super::holds;
use super::is_clean;
use crate::parse::clean::clean;
use crate::parse::logjson;
use crate::parse::logline::Above;
use crate::parse::logline::Reader;
use crate::parse::logrows;

/// Cleaned text and rows are safe to draw; rows stand in order, and who counts their levels counts those that are shown.
pub fn shown(bytes: &[u8]) -> Result<(), Broken> {
    let text = String::from_utf8_lossy(bytes);
    let cleaned = clean(&text);
    holds(is_clean(&cleaned, false), "cleaned text is not clean")?;
    holds(matches!(clean(&cleaned), Cow::Borrowed(_)), "cleaned text is cleaned once more")?;
    let mut last = 0;
    let mut rows: Vec<(u64, String, bool, u64)> = Vec::new();
    logrows::each(bytes, 0, &mut |row| rows.push((row.offset, row.text.to_owned(), row.redrawn, row.cut)));
    let (mut full, mut brief) = (Reader::below(Above::default()), Reader::brief(Above::default()));
    let mut out = String::new();
    for (offset, text, redrawn, cut) in &rows {
        holds((last..=bytes.len() as u64).contains(offset), "rows are out of order")?;
        last = *offset;
        holds(is_clean(text, true) && text.len() <= logrows::ROW_MAX, "a row is not clean")?;
        let row = logrows::Row { offset: *offset, text, redrawn: *redrawn, cut: *cut };
        let counted = brief.read(&row).level;
        let line = full.read(&row);
        holds(is_clean(line.text, true), "a line is not clean")?;
        holds(line.text.get(line.body..).is_some(), "a message begins inside a character")?;
        holds(line.level == counted, "a level is counted as another than is shown")?;
        logjson::show(text, &mut out);
        holds(is_clean(&out, true), "a JSON row is not clean")?;
    }
    holds(
        full.left().untimed() == brief.left().untimed(),
        "what is left for the rows below depends on who reads",
    )
}
