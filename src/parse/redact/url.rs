//! Secrets in addresses: passwords before the host, signatures in the query, webhooks whose path is the secret.

use std::ops::Range;

use super::edits::Edit;
use super::value;
use super::words;

/// What stands before the `@` of an address is looked for so far.
pub(super) const FARTHEST: usize = 512;

/// The part of `text` from `at` on that can belong to an address.
fn word(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let mut end = rest
        .bytes()
        .take(FARTHEST)
        .take_while(|byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\')
        })
        .count();
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    rest.get(..end)
}

/// The password of `scheme://user:password@host`; the user stays, the host stays.
pub(super) fn password(text: &str, at: Range<usize>) -> Option<Edit> {
    let word = word(text, at.end)?;
    let slash = word.find(['/', '?', '#']).unwrap_or(word.len());
    let host = word.get(..slash)?;
    let end = if let Some(end) = host.rfind('@') {
        // `p@ss/w0rd@host`: what looks like no host, before what does
        let named = |host: &str| host.contains(['.', ':']) || host == "localhost";
        let last = word.rfind('@').filter(|last| *last > slash);
        let later = last.filter(|last| {
            !named(host.get(end..).unwrap_or_default()) && named(word.get(*last..).unwrap_or_default())
        });
        later.unwrap_or(end)
    } else {
        // a password may hold what ends a host; a port is no password
        let port = host.split_once(':')?.1;
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        word.rfind('@')?
    };
    let user = word.get(..end)?;
    let (start, secret) = match user.split_once(':') {
        Some((name, password)) => (name.len() + 1, password),
        None => (0, user),
    };
    let known = start > 0 || secret.len() >= 16 && words::is_made_up(secret);
    let template = secret.starts_with(['{', '$']) || value::is_placeholder(secret);
    (known && !template && !secret.is_empty()).then(|| Edit::whole(at.end + start..at.end + end))
}

/// The signature of a signed address: `&sig=…`, `X-Amz-Signature=…`.
pub(super) fn signature(text: &str, at: Range<usize>) -> Option<Edit> {
    let before = text.get(..at.start)?;
    let name = before
        .bytes()
        .rev()
        .take(24)
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        .count();
    let mark = before.len().checked_sub(name + 1).and_then(|at| before.as_bytes().get(at));
    if !matches!(mark, Some(b'?' | b'&' | b';')) {
        return None;
    }
    let secret = word(text, at.end)?;
    let secret = secret.get(..secret.find(['&', '#', ')', ',']).unwrap_or(secret.len()))?;
    (secret.len() >= 6 && !value::is_placeholder(secret)).then(|| Edit::whole(at.end..at.end + secret.len()))
}

/// The path of a webhook: who knows it may post.
pub(super) fn webhook(text: &str, at: Range<usize>) -> Option<Edit> {
    let word = word(text, at.end)?;
    let from = if text.get(at.clone())?.starts_with('/') {
        // of Discord: the id stays
        word.bytes().take_while(u8::is_ascii_digit).count() + 1
    } else {
        let path = word.find("/services/").or_else(|| word.find("/workflows/"))?;
        path + word.get(path + 1..)?.find('/')? + 2
    };
    let secret = word.get(from..)?;
    let secret = secret.get(..secret.find(['?', '#', ')', ',', ']']).unwrap_or(secret.len()))?;
    (secret.len() >= 8 && from > 1 && !value::is_placeholder(secret))
        .then(|| Edit::whole(at.end + from..at.end + from + secret.len()))
}

/// The token of a bot of Telegram's: `123456789:AA…`; its id stays.
pub(super) fn telegram(text: &str, at: Range<usize>) -> Option<Edit> {
    let id = text.get(..at.start)?.bytes().rev().take(12).take_while(u8::is_ascii_digit).count();
    let from = at.start + 1;
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let len = text.get(from..)?.bytes().take_while(part).count();
    (id >= 6 && len >= 24).then(|| Edit::whole(from..from + len))
}
