//! A JSON row's string values, each with the key above it and its place. Python's `NaN` and `Infinity` are taken.

use super::name;
use super::name::Key;
use super::unescape;

/// One string value.
pub(super) struct Value<'t> {
    /// The key of a secret that it stands under.
    pub(super) key: Option<Key>,
    /// What stands between its quotes, as it was written.
    pub(super) raw: &'t str,
    /// Where that begins in the row.
    pub(super) at: usize,
}

/// An object or list that is open.
#[derive(Clone, Copy)]
struct Open<'t> {
    object: bool,
    /// What a key above says of all strings below it.
    inherits: Option<Key>,
    /// The key that the next value has.
    key: Option<&'t str>,
    /// The key under which it stands itself.
    own: Option<&'t str>,
    /// What the object's `name` says of its `value`: settings as lists of pairs.
    named: Option<Key>,
    /// Whether no string of it has been seen.
    first: bool,
}

/// Hands over every string value of the row; `false` when it is not one whole JSON value.
pub(super) fn values<'t>(row: &'t str, each: &mut dyn FnMut(&Value<'t>)) -> bool {
    Reader { row, at: 0, open: Vec::new() }.read(each).is_some()
}

struct Reader<'t> {
    row: &'t str,
    at: usize,
    open: Vec<Open<'t>>,
}

impl<'t> Reader<'t> {
    fn read(&mut self, each: &mut dyn FnMut(&Value<'t>)) -> Option<()> {
        loop {
            // a value, or the opening of one
            match self.peek()? {
                b'{' => {
                    self.at += 1;
                    self.enter(true);
                    if self.peek()? != b'}' {
                        self.key()?;
                        continue;
                    }
                }
                b'[' => {
                    self.at += 1;
                    self.enter(false);
                    if self.peek()? != b']' {
                        continue;
                    }
                }
                b'"' => {
                    let (raw, at) = self.string()?;
                    self.found(raw, at, each);
                }
                _ => self.plain()?,
            }
            // what follows a value
            loop {
                let Some(open) = self.open.last() else {
                    return (self.peek().is_none()).then_some(());
                };
                let object = open.object;
                match self.peek()? {
                    b',' => {
                        self.at += 1;
                        if object {
                            self.key()?;
                        }
                        break;
                    }
                    b'}' if object => {}
                    b']' if !object => {}
                    _ => return None,
                }
                self.at += 1;
                self.open.pop();
            }
        }
    }

    fn enter(&mut self, object: bool) {
        let above = self.open.last();
        let own = above.and_then(|above| if above.object { above.key } else { above.own });
        let inherits = self.sensitive().and_then(|key| key.below(object));
        self.open.push(Open { object, inherits, key: None, own, named: None, first: true });
    }

    /// What the keys above the next value say of it.
    fn sensitive(&self) -> Option<Key> {
        let above = self.open.last()?;
        let by_name = above.key.and_then(|key| {
            let is = |word: &str| key.eq_ignore_ascii_case(word);
            if is("value") || is("val") {
                above.named
            } else {
                Key::of(unescape::decode(key).text(), above.own)
            }
        });
        let by_name = if above.object { by_name } else { above.named };
        by_name.or(above.inherits)
    }

    fn found(&mut self, raw: &'t str, at: usize, each: &mut dyn FnMut(&Value<'t>)) {
        let key = self.sensitive();
        if let Some(above) = self.open.last_mut()
            && !above.object
        {
            // a header as a list of two: its name, its value
            above.named = if above.first { Key::of(raw, None).and_then(|key| key.below(true)) } else { None };
            above.first = false;
        } else if let Some(above) = self.open.last_mut()
            && above.key.is_some_and(|key| name::NAMES.iter().any(|name| key.eq_ignore_ascii_case(name)))
        {
            above.named = Key::of(raw, None);
        }
        each(&Value { key, raw, at });
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.row.as_bytes().get(self.at..)?;
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blanks;
        rest.get(blanks).copied()
    }

    fn key(&mut self) -> Option<()> {
        if self.peek()? != b'"' {
            return None;
        }
        let (raw, _) = self.string()?;
        if self.peek()? != b':' {
            return None;
        }
        self.at += 1;
        self.open.last_mut()?.key = Some(raw);
        Some(())
    }

    /// The content of the string that begins here.
    fn string(&mut self) -> Option<(&'t str, usize)> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            let rest = self.row.as_bytes().get(at..)?;
            at += memchr::memchr2(b'"', b'\\', rest)?;
            if self.row.as_bytes().get(at) == Some(&b'"') {
                break;
            }
            at += match self.row.as_bytes().get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                b'u' if self.row.get(at + 2..at + 6)?.bytes().all(|byte| byte.is_ascii_hexdigit()) => 6,
                _ => return None,
            };
        }
        let raw = self.row.get(start..at)?;
        if raw.bytes().any(|byte| byte < 0x20) {
            return None;
        }
        self.at = at + 1;
        Some((raw, start))
    }

    /// A number, or one of the words.
    fn plain(&mut self) -> Option<()> {
        let rest = self.row.get(self.at..)?;
        let len = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
            .count();
        let word = rest.get(..len)?;
        let known = ["null", "true", "false", "NaN", "Infinity", "-Infinity"].contains(&word);
        let number =
            || word.starts_with(|c: char| c.is_ascii_digit() || c == '-') && word.parse::<f64>().is_ok();
        (known || number()).then(|| self.at += len)
    }
}
