//! Scalars of a YAML document with the keys that lead to them.
//!
//! The parser hands out events, so that nothing is built: an alias stays what it is and is not followed, and a document that
//! grows when it is read (aliases of aliases) or is all brackets costs no more than its bytes.

use std::borrow::Cow;

use granit_parser::Event;
use granit_parser::Parser;
use granit_parser::ScalarStyle;

use crate::parse::config;

/// Collections inside collections.
const DEEPEST: usize = 64;
/// Events of one document.
const MOST: usize = 50_000;
/// Bytes that the keys to one scalar may have.
const LONGEST: usize = 512;

/// A scalar with the keys that lead to it, joined by `.`.
pub(super) type Pair = (String, String);

/// A collection that is open.
#[derive(Debug)]
struct Open {
    mapping: bool,
    /// The key whose value comes next.
    key: Option<String>,
    /// It stands in a list, or is itself a key: no path leads to what it holds.
    aside: bool,
}

impl Open {
    /// A key or a value that tells nothing is over.
    fn passed(&mut self) {
        if self.mapping {
            self.key = if self.key.is_some() { None } else { Some(String::new()) };
        }
    }

    /// Whether a collection that begins in it is aside.
    fn holds_aside(&self) -> bool {
        self.aside || !self.mapping || self.key.is_none()
    }
}

/// All settings of the first document in `text`: scalars below keys alone, and of a document that is a list its
/// `key=value` items. `None` when it is no YAML, or tells nothing.
pub(super) fn pairs(text: &str) -> Option<Vec<Pair>> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (count, event) in Parser::new_from_str(text).enumerate() {
        let (event, _) = event.ok()?;
        if count > MOST || open.len() > DEEPEST {
            return None;
        }
        match event {
            Event::Scalar(value, style, ..) => scalar(value, style, &mut open, &mut found),
            Event::Alias(_) => open.last_mut().into_iter().for_each(Open::passed),
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                let aside = open.last().is_some_and(Open::holds_aside);
                open.push(Open { mapping: matches!(event, Event::MappingStart(..)), key: None, aside });
            }
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                open.last_mut().into_iter().for_each(Open::passed);
            }
            Event::DocumentEnd => break,
            _ => {}
        }
    }
    (!found.is_empty()).then_some(found)
}

fn scalar(value: Cow<'_, str>, style: ScalarStyle, open: &mut [Open], found: &mut Vec<Pair>) {
    let alone = open.len() == 1;
    let Some(top) = open.last_mut() else { return };
    if !top.mapping {
        // hydra's overrides: `epochs=3`, `+trainer.max_epochs=3`
        if let Some((name, value)) = value.split_once('=').filter(|_| alone) {
            push(found, name.trim_start_matches('+').to_owned(), value.to_owned());
        }
        return;
    }
    if top.key.is_none() {
        top.key = Some(value.into_owned());
        return;
    }
    let null = style == ScalarStyle::Plain && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
    if !null && !top.aside {
        let keys = open.iter().filter_map(|open| open.key.as_deref());
        if keys.clone().map(str::len).sum::<usize>() <= LONGEST {
            push(found, keys.collect::<Vec<_>>().join("."), value.into_owned());
        }
    }
    open.last_mut().into_iter().for_each(Open::passed);
}

fn push(found: &mut Vec<Pair>, path: String, value: String) {
    if found.len() < config::MOST && path.len() <= LONGEST {
        found.push((path, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let all = pairs(text).unwrap_or_default();
        all.iter().map(|(path, value)| format!("{path}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn scalars_below_keys() {
        assert_eq!(
            of("a: 1\nb:\n  c: x y\n  d: {e: 2, f: [3, {g: 4}]}\nh: null\ni: 5\n"),
            "a=1 b.c=x y b.d.e=2 i=5"
        );
        assert_eq!(of("---\n# said\nlr: 1e-3 # not that\nname: 'a: b'\n---\nlr: 2\n"), "lr=1e-3 name=a: b");
        assert_eq!(
            of("- epochs=3\n- +trainer.max_epochs=4\n- model\n- [x=1]\n"),
            "epochs=3 trainer.max_epochs=4"
        );
        assert_eq!(of("? [a, b]\n: 1\n? {c: 2}\n: {d: 3}\ne: 4\n"), "=1 .d=3 e=4");
    }

    #[test]
    fn tags_of_python_are_passed_over() {
        let hparams =
            "betas: !!python/tuple\n- 0.9\n- 0.99\nmodel: !!python/object:a.B\n  x: 1\nmax_epochs: 3\n";
        assert_eq!(of(hparams), "model.x=1 max_epochs=3");
    }

    #[test]
    fn aliases_are_not_followed() {
        let nine = |name: &str| format!("*{name}, ").repeat(9);
        let grows = ["ab", "bc", "cd", "de", "ef", "fg", "gh"].map(|pair| {
            let (of, name) = pair.split_at(1);
            format!("{name}: &{name} [{}]\n", nine(of))
        });
        let bomb = format!("a: &a [x, x, x, x, x, x, x, x, x]\n{}epochs: 7\n", grows.concat());
        assert_eq!(of(&bomb), "epochs=7");
        assert_eq!(
            of("a: &a {epochs: 3}\nb:\n  <<: *a\n  lr: 1\n*a : 5\nc: 6\n"),
            "a.epochs=3 b.lr=1 =5 c=6"
        );
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_not_read() {
        for open in ["[", "{a: ", "- ", "? ", "a:\n "] {
            assert_eq!(pairs(&open.repeat(200_000)), None, "{open}");
        }
        assert_eq!(pairs(&format!("a: 1\nb: [{}]\n", "x, ".repeat(60_000))), None);
        assert_eq!(pairs(&format!("a: &a {}\n", "*a ".repeat(100))), None);
        assert_eq!(of(&format!("{}: 1\nb: 2\n", "x".repeat(600))), "b=2");
    }

    #[test]
    fn what_is_no_yaml_says_nothing() {
        for text in ["", "\0\0\0", "a: [1", "a: 1\n\tb: 2", "epoch 3 loss 0.5\n", "%YAML 9", "{a: 1"] {
            assert_eq!(pairs(text), None, "{text:?}");
        }
    }
}
