//! What stands between the name of a secret and its value.

/// How a value is joined to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// `=`, `:=`, `=>`.
    Equals,
    /// `: `.
    Colon,
    /// A cell's border, dots that lead over, or many blanks: a table of settings.
    Table,
    /// `<password>…</password>`.
    Tag,
    /// A blank: `--token X`, `password X`.
    Blank,
}

/// A separator, and where the value begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Separator {
    pub(super) join: Join,
    pub(super) end: usize,
    /// Blanks before the value, or none.
    pub(super) blank: bool,
}

/// Blanks between a name and its value that are looked over.
const WIDEST: usize = 64;

/// The separator that begins at `at`, behind a name. `tag`: the name stands behind `<`.
pub(super) fn find(text: &str, at: usize, tag: bool) -> Option<Separator> {
    let bytes = text.as_bytes();
    let mut end = at;
    let byte = |at: usize| bytes.get(at).copied();
    if tag {
        return (byte(at) == Some(b'>')).then_some(Separator { join: Join::Tag, end: at + 1, blank: false });
    }
    // the closing quote of the name, and the bracket around it
    while byte(end) == Some(b'\\') && matches!(byte(end + 1), Some(b'\\' | b'"' | b'\'')) {
        end += 1;
    }
    let quoted = matches!(byte(end), Some(b'"' | b'\'' | b'`'));
    end += usize::from(quoted);
    while matches!(byte(end), Some(b']' | b'*')) {
        end += 1;
    }
    let before = end;
    end = blanks(bytes, end);
    let wide = end - before;
    let join = match byte(end) {
        Some(b'=') => {
            end += 1 + usize::from(matches!(byte(end + 1), Some(b'=' | b'>')));
            Join::Equals
        }
        Some(b':') if byte(end + 1) == Some(b'=') => {
            end += 2;
            Join::Equals
        }
        Some(b':') if byte(end + 1) != Some(b':') => {
            end += 1;
            Join::Colon
        }
        Some(b'-') if byte(end + 1) == Some(b'>') => {
            end += 2;
            Join::Equals
        }
        Some(b'%') if !quoted && matches!(text.get(end..end + 3), Some("%3D" | "%3d" | "%3A" | "%3a")) => {
            end += 3;
            Join::Equals
        }
        Some(b'|') if wide > 0 => {
            end += 1;
            Join::Table
        }
        Some(0xE2) if matches!(text.get(end..end + 3), Some("│" | "┃" | "║" | "→")) => {
            end += 3;
            Join::Table
        }
        Some(b'.') if byte(end + 1) == Some(b'.') => {
            end += bytes.get(end..)?.iter().take_while(|byte| **byte == b'.').count();
            Join::Table
        }
        _ if wide > 1 => Join::Table,
        _ if wide == 1 => Join::Blank,
        _ => return None,
    };
    let start = end;
    end = blanks(bytes, end);
    Some(Separator { join, end, blank: end > start || matches!(join, Join::Blank) })
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take(WIDEST).take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}
