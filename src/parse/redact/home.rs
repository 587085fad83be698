//! The names of people in the paths of their home directories, for those who ask for it: `/home/***/runs`.

use std::ops::Range;

use super::edits::Edit;

/// The name that stands behind `/home/`, `/Users/` or `\Users\`.
pub(super) fn find(text: &str, at: Range<usize>) -> Option<Edit> {
    let mut near = at.start.saturating_sub(200);
    while !text.is_char_boundary(near) {
        near += 1;
    }
    let before = text.get(near..at.start)?;
    // of an address, only a file's path is one
    let word = before.rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | '=' | ','));
    let path = before.get(word.map_or(0, |at| at + 1)..)?;
    if path.contains("://") && !path.contains("file://") {
        return None;
    }
    let rest = text.get(at.end..)?;
    let windows = text.get(at.clone())?.ends_with('\\');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    let mut len = rest.find(|c: char| !plain(c)).unwrap_or(rest.len());
    if windows && rest.get(len..)?.starts_with(' ') {
        // `C:\Users\Jo Doe\runs`
        let full = rest.find(|c: char| !plain(c) && c != ' ');
        len = full
            .filter(|full| *full < 40 && rest.get(*full..).is_some_and(|rest| rest.starts_with('\\')))
            .unwrap_or(len);
    }
    let name = rest.get(..len)?.trim_end_matches('.');
    (!name.is_empty()).then(|| Edit::whole(at.end..at.end + name.len()))
}
