//! Private keys in PEM form, in one string or over many lines.

use super::edits::Edit;
use super::value;
use super::words;

/// No key has more lines.
const LONGEST: u16 = 400;
/// Lines of keys are this long but for their last one.
const FULL: usize = 40;

/// Whether the lines so far left a private key open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Block {
    /// How many more lines may belong to it.
    left: u16,
}

impl Block {
    /// Whether the next line may belong to a key.
    pub fn is_open(self) -> bool {
        self.left > 0
    }
}

/// The key whose first line begins at `at`.
pub(super) fn begin(text: &str, at: usize, block: &mut Block) -> Option<Edit> {
    let rest = text.get(at..)?;
    let label = rest.get("-----BEGIN ".len()..)?;
    let end = label.get(..label.len().min(64)).unwrap_or(label).find("-----")?;
    let label = label.get(..end)?;
    if !label.ends_with("PRIVATE KEY") && !label.ends_with("PRIVATE KEY BLOCK") {
        return None;
    }
    let from = at + "-----BEGIN ".len() + end + "-----".len();
    let body = text.get(from..)?;
    let to = body.find("-----END ").unwrap_or_else(|| {
        // an end may have been cut off, or follow on another line
        block.left = LONGEST;
        body.len()
    });
    let breaks = |c: char| c.is_whitespace() || matches!(c, '\\' | 'n' | 'r' | '"' | '\'' | ',' | '}' | ']');
    // the line end itself stays, and what closes a string
    let plain = body.get(..to)?.trim_start_matches(['\r', '\n', ' ']);
    let start = from + (to - plain.len());
    let secret = plain.trim_end();
    let bare = secret.trim_matches(|c: char| breaks(c) || c == '*');
    (!bare.is_empty()).then(|| Edit::whole(start..start + secret.len()))
}

/// The lines of `text` that belong to the key which the lines before left open; returns where they end.
pub(super) fn go_on(block: &mut Block, text: &str, found: &mut Vec<Edit>) -> usize {
    let mut from = 0;
    while block.is_open() {
        let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) else { break };
        let len = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest.get(..len).unwrap_or(rest);
        block.left -= 1;
        if !go_on_line(block, line, from, found) {
            break;
        }
        from += len;
    }
    from
}

/// Whether the line belongs to the key: then what is secret of it has been found.
fn go_on_line(block: &mut Block, line: &str, at: usize, found: &mut Vec<Edit>) -> bool {
    let (line, ends) = match line.find("-----END ") {
        Some(end) => (line.get(..end).unwrap_or_default(), true),
        None => (line, false),
    };
    let body = line.trim_end();
    let last = body.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
    let word = body.get(last..).unwrap_or_default();
    let word_is_body = !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    let alone = body.trim_start().len() == word.len();
    let header = ["Proc-Type:", "DEK-Info:", "Comment:", "Version:"].iter().any(|name| body.contains(name));
    let is_body = word_is_body && (word.len() >= FULL || alone || words::is_made_up(word));
    if is_body {
        found.push(Edit::whole(at + last..at + body.len()));
    }
    let goes_on = is_body || header || body.trim().is_empty() || value::is_placeholder(word);
    if ends || !goes_on {
        *block = Block::default();
    }
    if is_body && word.len() < FULL && !ends {
        // the last line: only the end mark may follow
        block.left = block.left.min(2);
    }
    // a line that ends the key holds nothing else of it, and what it holds else is looked at like any line
    goes_on && !ends
}
