//! The words of a message, with the gaps and signs between them: a name and its figure are found by what parts them.

use smallvec::SmallVec;

use crate::parse::text::number;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Word,
    /// `[3/10]`, `[9]`, also glued to a word.
    Bracket,
    /// Two blanks or a tab.
    Gap,
    /// `|`, `,`, `;`, a lone dash.
    Break,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// Where it begins in the message.
    pub(super) start: usize,
    pub(super) kind: Kind,
}

pub(super) type Tokens<'a> = SmallVec<[Token<'a>; 32]>;

/// More than this in one message is a dump.
const MOST: usize = 400;

/// Takes `body` apart into words, brackets and what stands between them.
pub(super) fn tokens<'a>(body: &'a str) -> Tokens<'a> {
    let mut out = Tokens::new();
    let bytes = body.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let mut i = 0;
    let mut word = None;
    let close = |out: &mut Tokens<'a>, word: &mut Option<usize>, end: usize| -> Option<()> {
        if let Some(start) = word.take() {
            let text = body.get(start..end)?;
            let kind = if matches!(text, "-" | "--" | "–" | "—" | "•" | "=>" | "->" | "│" | "┃") {
                Kind::Break
            } else {
                Kind::Word
            };
            out.push(Token { text: body.get(start..end)?, start, kind });
        }
        Some(())
    };
    while i < bytes.len() && out.len() < MOST {
        let b = at(i);
        match b {
            b' ' | b'\t' => {
                close(&mut out, &mut word, i);
                let start = i;
                let mut tab = false;
                while matches!(at(i), b' ' | b'\t') {
                    tab |= at(i) == b'\t';
                    i += 1;
                }
                if tab || i - start > 1 {
                    out.push(Token { text: "", start, kind: Kind::Gap });
                }
                continue;
            }
            // `Epoch：3，loss：0.5`
            0xEF if matches!((at(i + 1), at(i + 2)), (0xBC, 0x9A | 0x8C | 0x9B)) => {
                close(&mut out, &mut word, i);
                if at(i + 2) == 0x9A {
                    out.push(Token { text: ":", start: i, kind: Kind::Word });
                } else {
                    out.push(Token { text: "", start: i, kind: Kind::Break });
                }
                i += 3;
                continue;
            }
            b'|' | b';' => {
                close(&mut out, &mut word, i);
                out.push(Token { text: "", start: i, kind: Kind::Break });
            }
            b',' if !(at(i.wrapping_sub(1)).is_ascii_digit()
                && at(i + 1).is_ascii_digit()
                && word.is_some()) =>
            {
                close(&mut out, &mut word, i);
                out.push(Token { text: "", start: i, kind: Kind::Break });
            }
            b'[' => {
                if let Some(len) = bracket(body.get(i..).unwrap_or("")) {
                    close(&mut out, &mut word, i);
                    out.push(Token {
                        text: body.get(i + 1..i + len - 1).unwrap_or("").trim(),
                        start: i,
                        kind: Kind::Bracket,
                    });
                    i += len;
                    continue;
                }
                // `[seed 1][epoch 3/3]`
                let behind = at(i.wrapping_sub(1)) == b']' && at(i.wrapping_sub(2)).is_ascii_digit();
                if behind && at(i + 1).is_ascii_alphabetic() {
                    close(&mut out, &mut word, i);
                }
                if word.is_none() {
                    word = Some(i);
                }
            }
            _ => {
                if word.is_none() {
                    word = Some(i);
                }
            }
        }
        i += 1;
    }
    close(&mut out, &mut word, i);
    join_ratios(body, &mut out);
    if body.contains("->") || body.contains('→') || body.contains("=>") {
        arrows(&mut out);
    }
    out
}

/// Of `0.9 -> 0.8` the figure is the new one; in `loss → 0.5` the arrow assigns.
fn arrows(tokens: &mut Tokens<'_>) {
    let mut i = 0;
    while let Some(token) = tokens.get(i).copied() {
        if let Some((name, value)) = token.text.split_once('→').filter(|_| token.kind == Kind::Word) {
            split_arrow(tokens, i, name, value);
        }
        i += 1;
    }
    let decimal = |token: &Token<'_>| token.text.contains('.') && number::figure(token.text).is_some();
    let mut i = 1;
    while let (Some(before), Some(arrow), Some(behind)) =
        (tokens.get(i - 1).copied(), tokens.get(i).copied(), tokens.get(i + 1).copied())
    {
        let is_arrow = matches!(arrow.text, "->" | "→" | "=>" | "-->" | "⟶");
        if is_arrow && decimal(&before) && decimal(&behind) {
            tokens.drain(i - 1..=i);
            continue;
        }
        let assigns = is_arrow && before.kind == Kind::Word && before.text.starts_with(char::is_alphabetic);
        if assigns
            && decimal(&behind)
            && let Some(token) = tokens.get_mut(i)
        {
            (token.text, token.kind) = (":", Kind::Word);
        }
        i += 1;
    }
}

/// `loss→0.5` and `0.9→0.8` in one word.
fn split_arrow<'a>(tokens: &mut Tokens<'a>, i: usize, name: &'a str, value: &'a str) {
    let Some(token) = tokens.get(i).copied() else { return };
    if number::figure(value).is_none() || name.is_empty() {
        return;
    }
    let start = token.start + token.text.len() - value.len();
    let figure = Token { text: value, start, kind: Kind::Word };
    if number::figure(name).is_some() {
        if let Some(token) = tokens.get_mut(i) {
            *token = figure;
        }
    } else if name.starts_with(char::is_alphabetic) {
        if let Some(token) = tokens.get_mut(i) {
            token.text = name;
        }
        tokens.insert(i + 1, Token { text: ":", start: token.start + name.len(), kind: Kind::Word });
        tokens.insert(i + 2, figure);
    }
}

/// `80/     500` and `100 / 1600` are one word.
fn join_ratios<'a>(body: &'a str, tokens: &mut Tokens<'a>) {
    let digits = |text: &str| number::count(text).is_some();
    let mut i = 0;
    while let Some(first) = tokens.get(i).copied() {
        let slash = first.text.strip_suffix('/').is_some_and(digits);
        if first.kind == Kind::Word && (slash || digits(first.text)) {
            let mut rest = (i + 1..tokens.len().min(i + 5))
                .filter(|at| tokens.get(*at).is_some_and(|token| token.kind != Kind::Gap));
            let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).filter(|t| t.kind == Kind::Word);
            let mut at = rest.next();
            if !slash {
                at = if word(at).is_some_and(|t| t.text == "/") { rest.next() } else { None };
            }
            if let Some(end) = at
                && let Some(last) =
                    word(at).filter(|last| digits(last.text.trim_end_matches([',', ':', ')', ']'])))
                && let Some(text) = body.get(first.start..last.start + last.text.len())
            {
                tokens.drain(i + 1..=end);
                if let Some(token) = tokens.get_mut(i) {
                    token.text = text;
                }
            }
        }
        i += 1;
    }
}

/// How long `[ 3/10]`, `[9]` or `[ 640/60000 (1%)]` at the start of `text` is.
fn bracket(text: &str) -> Option<usize> {
    let inside = text.get(1..)?;
    if let Some((samples, percent)) =
        text.get(..text.len().min(48)).and_then(|head| head.get(1..)?.split_once(" ("))
        && number::ratio(samples).is_some()
        && let Some((percent, _)) = percent.split_once("%)]")
        // `[  50/196 ( 26%)]`
        && number::number(percent.trim_start()).is_some()
    {
        return Some(1 + samples.len() + 2 + percent.len() + 3);
    }
    // `[ 9 of 12]`
    if let Some((pair, _)) = inside.get(..inside.len().min(32)).unwrap_or("").split_once(']')
        && let Some((done, all)) = pair.split_once(" of ")
        && [done, all].iter().all(|part| number::count(part.trim()).is_some())
    {
        return Some(pair.len() + 2);
    }
    let end = inside.bytes().position(|b| !(b.is_ascii_digit() || matches!(b, b'/' | b',' | b' ')))?;
    let lists = inside.get(..end)?.bytes().filter(|b| *b == b',').count() > 1;
    (!lists
        && inside.as_bytes().get(end) == Some(&b']')
        && inside.get(..end)?.bytes().any(|b| b.is_ascii_digit()))
    .then_some(end + 2)
}
