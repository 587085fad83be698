//! Credentials of requests: `Bearer …`, `Basic …`, JSON web tokens, and the options of commands that send them.

use std::ops::Range;

use super::edits::Edit;
use super::prefix;
use super::value;
use super::words;

/// Ways to authorise that stand before what is secret.
const SCHEMES: [&str; 8] = ["bearer", "basic", "token", "digest", "apikey", "negotiate", "ntlm", "key"];

/// The length of the scheme, with the blanks behind it, that an `Authorization` begins with.
pub(super) fn scheme(value: &str) -> usize {
    let word = value.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let blanks = value.bytes().skip(word).take_while(|byte| *byte == b' ').count();
    let known = value.get(..word).is_some_and(|word| {
        SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme)) || word.starts_with("AWS4-")
    });
    if known && blanks > 0 { word + blanks } else { 0 }
}

/// What such a token is made of.
pub(super) fn token_len(text: &str) -> usize {
    let part = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'+' | b'/' | b'=' | b'-')
    };
    text.bytes().take_while(part).count()
}

/// `Bearer X` outside of a header: where X is no word.
pub(super) fn bearer(text: &str, at: Range<usize>) -> Option<Edit> {
    if !prefix::begins(text, at.start) {
        return None;
    }
    let behind = text.get(at.end..)?;
    let gap = if behind.starts_with("%20") {
        3
    } else {
        behind
            .bytes()
            .take(8)
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'+' | b'"' | b'\'' | b'<'))
            .count()
    };
    let token = behind.get(gap..)?;
    let token = token.get(..token_len(token))?.trim_end_matches('.');
    let from = at.end + gap;
    (gap > 0 && token.len() >= 6 && words::is_made_up(token))
        .then(|| Edit::with(from..from + token.len(), prefix::of(token)))
}

/// `Basic X` where X is a user and a password in base64.
pub(super) fn basic(text: &str, at: Range<usize>) -> Option<Edit> {
    let behind = text.get(at.end..)?;
    let gap = behind.bytes().take(4).take_while(|byte| matches!(byte, b' ' | b':' | b'"')).count();
    let token = behind.get(gap..)?;
    let token = token.get(..token_len(token))?;
    let from = at.end + gap;
    (gap > 0 && prefix::begins(text, at.start) && is_user_and_password(token))
        .then(|| Edit::whole(from..from + token.len()))
}

fn is_user_and_password(token: &str) -> bool {
    let six = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let (mut bits, mut held, mut colon) = (0_u32, 0, false);
    for byte in token.trim_end_matches('=').bytes().take(512) {
        let Some(value) = six(byte) else { return false };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            let Ok(decoded) = u8::try_from(bits >> held & 0xFF) else { return false };
            if decoded < 0x20 || decoded == 0x7F {
                return false;
            }
            colon |= decoded == b':';
        }
    }
    colon && token.len() >= 6
}

/// A JSON web token, or JSON in base64: `eyJ…`, with or without `.` in it.
pub(super) fn jwt(text: &str, at: usize) -> Option<Edit> {
    let rest = text.get(at..)?;
    if !rest.starts_with("eyJ") || !prefix::begins(text, at) {
        return None;
    }
    let token = rest.get(..token_len(rest))?.trim_end_matches('.');
    let behind = rest.get(token.len()..)?;
    let cut = behind.starts_with('…') || behind.starts_with("...");
    let (head, body) = token.split_once('.').unwrap_or((token, ""));
    let whole = head.len() >= 8 && body.len() >= 6 || head.len() >= 40;
    (whole || cut && head.len() >= 6).then(|| Edit::with(at..at + token.len(), "eyJ"))
}

/// `curl -u user:password`, `mysql -ppassword`, `sshpass -p password`.
pub(super) fn command(text: &str, at: Range<usize>) -> Option<Edit> {
    let line = text.get(at.end.saturating_sub(1)..)?;
    let mut end = line.len().min(1024);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let line = line.get(..end)?;
    let from = at.end.saturating_sub(1);
    let secret = if text.get(at.clone()).is_some_and(|word| word.trim_end().eq_ignore_ascii_case("curl")) {
        let user = [" -u ", " --user ", " --user=", " -U ", " --proxy-user "]
            .into_iter()
            .find_map(|option| line.find(option).map(|found| found + option.len()))?;
        let word = word(line, user)?;
        let colon = line.get(word.clone())?.find(':')?;
        word.start + colon + 1..word.end
    } else {
        // `-p secret` of the one, `-psecret` of the other
        let mysql = text.get(at.clone())?.starts_with(['m', 'M']);
        let redis = text.get(at)?.starts_with(['r', 'R']);
        let option = if redis {
            " -a "
        } else if mysql {
            " -p"
        } else {
            " -p "
        };
        let option = line.find(option).map(|found| found + option.len())?;
        word(line, option)?
    };
    let text = line.get(secret.clone())?;
    (text.len() > 2 && !value::is_placeholder(text) && !value::is_number(text))
        .then(|| Edit::whole(from + secret.start..from + secret.end))
}

/// The word that begins at `at`, without its quotes.
fn word(line: &str, at: usize) -> Option<Range<usize>> {
    let rest = line.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let start = at + usize::from(quote.is_some());
    let rest = line.get(start..)?;
    let len = match quote {
        Some(quote) => rest.find(quote),
        None => rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')),
    };
    Some(start..start + len.unwrap_or(rest.len()))
}
