//! How far a value reaches.

use std::ops::Range;

/// Which quotes are open at a place, counted as the look moves on.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    upto: usize,
    double: bool,
    single: bool,
    back: bool,
}

impl Quotes {
    /// The quotes that are open at `at`, which is behind all places asked for before.
    pub(super) fn open(&mut self, text: &str, at: usize) -> Open {
        let bytes = text.as_bytes();
        let letter =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
        while self.upto < at {
            match bytes.get(self.upto) {
                Some(b'"') => self.double = !self.double,
                Some(b'`') => self.back = !self.back,
                // the one of `don't` is none
                Some(b'\'') if !(letter(self.upto.checked_sub(1)) && letter(Some(self.upto + 1))) => {
                    self.single = !self.single;
                }
                _ => {}
            }
            self.upto += 1;
        }
        Open { double: self.double, single: self.single, back: self.back }
    }
}

/// Which quotes are open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Open {
    double: bool,
    single: bool,
    back: bool,
}

impl Open {
    fn ends(self, byte: u8) -> bool {
        match byte {
            b'"' => self.double,
            b'\'' => self.single,
            b'`' => self.back,
            _ => false,
        }
    }

    /// Whether the quote at `at` ends a string, so that no value begins there.
    pub(super) fn closes(self, text: &str, at: usize) -> bool {
        let mut rest = text.get(at..).unwrap_or_default().chars();
        let quote = rest.next().and_then(|c| u8::try_from(c).ok());
        quote.is_some_and(|quote| self.ends(quote))
            && rest.next().is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ',' | ']' | '}' | ';'))
    }

    fn any(self) -> bool {
        self.double || self.single
    }
}

/// What is put around strings: `SecretStr('…')`, `b'…'`.
pub(super) fn unwrap(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let call = ["SecretStr(", "Secret(", "str(", "repr(", "quote(", "SecretBytes("]
        .into_iter()
        .find(|call| rest.starts_with(call));
    let len = call.map_or(0, str::len);
    let rest = rest.get(len..).unwrap_or_default();
    let letters = rest.bytes().take(2).take_while(|byte| b"bBrRuUfF".contains(byte)).count();
    let string = rest.get(letters..).is_some_and(|rest| rest.starts_with(['"', '\'']));
    match (call, string) {
        (_, true) => at + len + letters,
        _ => at,
    }
}

/// The string that begins at `at`: its content, and where it ends. One without an end reaches to the end of the text, or of the string
/// around it.
pub(super) fn quoted(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let rest = text.as_bytes().get(at..)?;
    let escapes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let quote = *rest.get(escapes).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let start = at + escapes + 1;
    let triple =
        escapes == 0 && text.get(start..start + 2).is_some_and(|two| two.bytes().all(|byte| byte == quote));
    let start = start + if triple && text.len() > start + 2 { 2 } else { 0 };
    let mut slashes = 0;
    let mut end = start;
    while let Some(byte) = text.as_bytes().get(end) {
        if *byte == b'\\' {
            slashes += 1;
        } else if *byte == quote && (if escapes == 0 { slashes % 2 == 0 } else { slashes <= escapes }) {
            return Some((start..end - slashes.min(escapes), end + 1));
        } else {
            slashes = 0;
        }
        end += 1;
    }
    Some((start..end, end))
}

/// The length of a value without quotes.
pub(super) fn word(text: &str, open: Open) -> usize {
    if text.starts_with('<')
        && let Some(end) = text.get(..text.len().min(48)).and_then(|near| near.find('>'))
    {
        return end + 1;
    }
    let mut depth = [0_u32; 3];
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let ends = match c {
            '"' | '\'' | '`' => u8::try_from(c).is_ok_and(|byte| open.ends(byte)),
            '\\' => {
                rest.starts_with(['"', '\''])
                    || open.any() && rest.starts_with(['n', 't', 'r', 'u'])
                    || rest.starts_with("\\\"")
            }
            ',' | ';' | '&' | '|' => {
                rest.is_empty() || rest.starts_with(char::is_whitespace) || is_pair(rest)
            }
            '(' | '[' | '{' => {
                opened(&mut depth, c);
                false
            }
            ')' | ']' | '}' => !closed(&mut depth, c),
            '<' => rest.starts_with('/'),
            '│' | '┃' | '║' | '\u{1b}' => true,
            _ => c.is_whitespace(),
        };
        if ends {
            return at;
        }
    }
    text.len()
}

fn slot(c: char) -> usize {
    match c {
        '(' | ')' => 0,
        '[' | ']' => 1,
        _ => 2,
    }
}

fn opened(depth: &mut [u32; 3], c: char) {
    if let Some(depth) = depth.get_mut(slot(c)) {
        *depth += 1;
    }
}

/// Whether what is closed was opened within the value.
fn closed(depth: &mut [u32; 3], c: char) -> bool {
    match depth.get_mut(slot(c)) {
        Some(depth) if *depth > 0 => {
            *depth -= 1;
            true
        }
        _ => false,
    }
}

/// Whether another pair begins: `x=`, `"x":`.
fn is_pair(text: &str) -> bool {
    let name = text.trim_start_matches(['"', '\'', '-', '\\']);
    let len = name
        .bytes()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        .count();
    let rest = name.get(len..).unwrap_or_default().trim_start_matches(['"', '\'', '\\']);
    len > 0 && rest.starts_with(['=', ':']) || text.starts_with('&')
}

/// The length of what reaches to the end of the line, or of the string that it stands in.
pub(super) fn line(text: &str, open: Open) -> usize {
    let mut before = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = open.any() && before == b'\\' && matches!(byte, b'n' | b'r');
        if byte == b'\n' || open.ends(byte) || escaped {
            return if before == b'\\' { at - 1 } else { at };
        }
        before = byte;
    }
    text.len()
}
