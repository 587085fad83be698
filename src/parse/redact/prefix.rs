//! Tokens that tell by how they begin what they are: `hf_…`, `sk-…`, `ghp_…`, `AKIA…`.
//!
//! A prefix alone proves nothing (`hf_hub_download`, `task-12`): it has to begin a word, and what follows has to be long enough and
//! no words.

use std::ops::Range;

use super::edits::Edit;
use super::words;

/// A kind of token.
pub(super) struct Kind {
    /// How it begins; stays behind the mask's back.
    pub(super) prefix: &'static str,
    /// What it is made of besides letters and digits.
    also: &'static [u8],
    /// Shorter is none, counted without the prefix.
    least: usize,
    /// Whether it is one whatever it is made of: nothing else begins like this.
    sure: bool,
    /// Whether nothing but a token begins like this and goes on with a digit or a capital.
    rare: bool,
}

const fn kind(prefix: &'static str, also: &'static [u8], least: usize) -> Kind {
    Kind { prefix, also, least, sure: false, rare: false }
}

const fn sure(prefix: &'static str, also: &'static [u8], least: usize) -> Kind {
    Kind { prefix, also, least, sure: true, rare: false }
}

const fn rare(prefix: &'static str, also: &'static [u8], least: usize) -> Kind {
    Kind { prefix, also, least, sure: false, rare: true }
}

/// Every kind; a longer prefix stands before a shorter one that it begins with.
pub(super) const ALL: [Kind; 55] = [
    kind("hf_", b"", 8),
    kind("api_org_", b"", 20),
    sure("sk-proj-", b"_-", 6),
    sure("sk-ant-", b"_-", 6),
    kind("sk-", b"_-", 8),
    kind("sk_", b"_", 12),
    rare("rk_live_", b"", 12),
    rare("ghp_", b"_", 8),
    rare("gho_", b"_", 8),
    rare("ghu_", b"_", 8),
    rare("ghs_", b"_", 8),
    rare("ghr_", b"_", 8),
    rare("github_pat_", b"_", 8),
    rare("rpa_", b"", 8),
    rare("glpat-", b"_-", 8),
    rare("gldt-", b"_-", 8),
    rare("glptt-", b"_-", 8),
    rare("glrt-", b"_-", 8),
    rare("xoxa-", b"-", 8),
    rare("xoxb-", b"-", 8),
    rare("xoxp-", b"-", 8),
    rare("xoxr-", b"-", 8),
    rare("xoxs-", b"-", 8),
    rare("xoxe-", b"-", 8),
    rare("xoxe.", b"-", 8),
    rare("xoxc-", b"-", 8),
    rare("xoxd-", b"-%", 8),
    rare("xapp-", b"-", 10),
    kind("AKIA", b"", 12),
    kind("ASIA", b"", 12),
    rare("AIza", b"_-", 20),
    rare("ya29.", b"_-.", 12),
    rare("GOCSPX-", b"_-", 12),
    rare("npg_", b"", 8),
    kind("npm_", b"", 20),
    kind("pypi-", b"_-", 30),
    rare("dop_v1_", b"", 20),
    kind("r8_", b"", 16),
    kind("gsk_", b"", 16),
    kind("xai-", b"", 20),
    kind("pplx-", b"", 16),
    rare("nvapi-", b"_-", 16),
    rare("tgp_v1_", b"_-", 16),
    rare("dckr_pat_", b"_-", 12),
    rare("lsv2_pt_", b"_", 16),
    rare("lsv2_sk_", b"_", 16),
    kind("SG.", b"_-.", 30),
    rare("shpat_", b"", 16),
    rare("whsec_", b"", 16),
    rare("wandb_v1_", b"_-", 16),
    rare("sntrys_", b"_=", 20),
    rare("tskey-", b"-", 12),
    kind("AGE-SECRET-KEY-1", b"", 20),
    kind("dapi", b"", 32),
    kind("EAAC", b"", 60),
];

/// Whether a token may begin here, by its prefix as it is written and by what stands around.
#[inline]
pub(super) fn may_begin(bytes: &[u8], start: usize, end: usize, kind: usize) -> bool {
    let Some(kind) = ALL.get(kind) else { return false };
    let follows = bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || kind.also.contains(byte));
    follows && bytes.get(start..end) == Some(kind.prefix.as_bytes())
}

/// The token whose prefix stands at `at`.
pub(super) fn find(text: &str, at: usize, kind: usize) -> Option<Edit> {
    let (found, rest) = (ALL.get(kind)?, text.get(at..)?);
    // `sk-` is heard of before `sk-proj-`
    let kind =
        ALL.iter().find(|kind| kind.prefix.starts_with(found.prefix) && rest.starts_with(kind.prefix))?;
    let rest = rest.strip_prefix(kind.prefix)?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || kind.also.contains(&byte);
    let mut len = rest.bytes().take_while(|byte| is_part(*byte)).count();
    let mut body = rest.get(..len)?;
    if rest.as_bytes().get(len) == Some(&b'_') {
        // made of words it goes on as a name; else nothing of it may stay
        if words::is_wordy(body) && !kind.rare {
            return None;
        }
        len = rest.bytes().take_while(|byte| is_part(*byte) || *byte == b'_').count();
        body = rest.get(..len)?;
    }
    let behind = rest.get(len..)?;
    let cut = behind.starts_with('…') || behind.starts_with("...");
    let capitals = matches!(kind.prefix, "AKIA" | "ASIA");
    if capitals && !body.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return None;
    }
    let odd = kind.rare && body.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let made_up = kind.sure || odd || capitals || words::is_made_up(body) || is_long(body);
    if body.len() < if cut { 4 } else { kind.least } || !(made_up || cut) {
        return None;
    }
    (begins(text, at) || words::is_strong(body) && glues(text, at, kind))
        .then(|| Edit::with(at..at + kind.prefix.len() + len, kind.prefix))
}

/// So long and without a break that it is no name.
fn is_long(body: &str) -> bool {
    body.len() >= 24 && words::parts(body).any(|part| part.len() >= 24)
        || body.len() >= 16 && {
            let digits = body.bytes().filter(u8::is_ascii_digit).count();
            digits >= 4 && words::parts(body).any(|part| part.len() >= 16)
        }
}

/// Whether a word begins at `at`.
pub(super) fn begins(text: &str, at: usize) -> bool {
    let Some(before) = text.get(..at) else { return false };
    let mut back = before.bytes().rev();
    match back.next() {
        None => true,
        // `\n` and the like, as Python shows a line end inside of a string
        Some(b'n' | b't' | b'r') if back.next() == Some(b'\\') => true,
        Some(byte) => !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-'),
    }
}

/// Whether a strong token may be glued to what stands before it. A short prefix is the end of many words: `task-`, `risk-`.
fn glues(text: &str, at: usize, kind: &Kind) -> bool {
    let before = text.get(..at).and_then(|before| before.bytes().next_back());
    let letter = before.is_some_and(|byte| byte.is_ascii_lowercase());
    kind.prefix.contains('_') || (!letter && kind.prefix.ends_with('-'))
}

/// The prefix that a value begins with, to be kept in front of its mask.
pub(super) fn of(value: &str) -> &'static str {
    let kind = ALL.iter().find(|kind| value.len() > kind.prefix.len() + 3 && value.starts_with(kind.prefix));
    kind.filter(|kind| kind.prefix.ends_with(['_', '-'])).map_or("", |kind| kind.prefix)
}

/// What another redactor left of a secret behind its own mask: `sk-***REDACTED***_rest`.
pub(super) fn rest(text: &str, at: Range<usize>) -> Option<Edit> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let len = text.get(at.end..)?.bytes().take_while(part).count();
    (len > 0).then(|| Edit::whole(at.start..at.end + len))
}

/// What is left of a password with a quote in it: `"***"rest"`.
pub(super) fn tail(text: &str, at: usize) -> Option<Edit> {
    let rest = text.get(at..)?;
    let len = rest.bytes().take(64).position(|byte| byte == b'"')?;
    let tail = rest.get(..len)?;
    (!tail.contains([':', ',', ' '])).then(|| Edit::whole(at..at + len))
}
