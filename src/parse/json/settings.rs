//! Settings out of a configuration file: JSON, or the Python `dict` that some programs print into a file called `config.json`.
//!
//! Pylon's `config.json` is beautified Python (`'runner': < class 'a.B' > ,`, `True`, tuples, functions), so it is read by its
//! quotes, colons and brackets alone. Whatever stands between a colon and the next comma or bracket is a value.

/// Settings that one file may have.
const MOST: usize = 4096;

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<'a> {
    /// Its keys from the outermost in, joined by `.`.
    pub path: String,
    /// Its value as written, quotes taken off.
    pub value: &'a str,
}

/// All settings of `text`; `None` when its brackets do not close (it is being written).
pub fn settings(text: &str) -> Option<Vec<Setting<'_>>> {
    let mut found = Vec::new();
    let mut keys: Vec<&str> = Vec::new();
    // for each open bracket, whether it is a `{` that a key leads into
    let mut open: Vec<bool> = Vec::new();
    let mut key: Option<&str> = None;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => {
                let end = string_end(bytes, at)?;
                let inside = text.get(at + 1..end)?;
                at = end + 1;
                if key.is_none() && text.get(at..)?.trim_start().starts_with(':') {
                    at += text.get(at..)?.find(':')? + 1;
                    key = Some(inside);
                    continue;
                }
                if let Some(name) = key.take() {
                    push(&mut found, &keys, name, inside);
                }
                continue;
            }
            b'{' => {
                keys.extend(key);
                open.push(key.take().is_some());
            }
            b'[' | b'(' => {
                open.push(false);
                key = None;
            }
            b'}' | b']' | b')' => {
                let led_in = open.pop()?;
                keys.truncate(keys.len() - usize::from(led_in));
            }
            b',' => key = None,
            _ if key.is_some() && !byte.is_ascii_whitespace() => {
                let rest = text.get(at..)?;
                let end = value_end(rest);
                if let Some(name) = key.take() {
                    push(&mut found, &keys, name, rest.get(..end)?.trim());
                }
                at += end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    (open.is_empty() && !text.trim().is_empty()).then_some(found)
}

fn push<'a>(found: &mut Vec<Setting<'a>>, keys: &[&str], name: &str, value: &'a str) {
    if found.len() < MOST {
        let mut path = keys.join(".");
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        found.push(Setting { path, value });
    }
}

fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// Where a bare value ends: at a comma or a closing bracket outside of its own brackets and quotes.
fn value_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' => at = string_end(bytes, at).unwrap_or(bytes.len()),
            b'<' | b'(' | b'[' | b'{' => depth += 1,
            b'>' => depth = depth.saturating_sub(1),
            b')' | b']' | b'}' if depth > 0 => depth -= 1,
            b',' | b')' | b']' | b'}' | b'\n' if depth == 0 => break,
            _ => {}
        }
        at += 1;
    }
    at.min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Vec<(String, &str)>> {
        settings(text).map(|all| all.into_iter().map(|s| (s.path, s.value)).collect())
    }

    #[test]
    fn python_as_json() {
        let text = "{\n 'runner': < class 'a.b.SomeTrainer' > ,\n 'epochs': 10,\n 'opt': {\n 'class': < function < lambda > at 0x7f > ,\n \
                    'args': {'lr': 1e-05, 'betas': (0.9, 0.999)}\n },\n 'early_stopping': {'args': {'enabled': True, 'epochs': 3}},\n 'name': 'x'\n}";
        let all = of(text).unwrap();
        for (path, value) in [
            ("runner", "< class 'a.b.SomeTrainer' >"),
            ("epochs", "10"),
            ("opt.args.lr", "1e-05"),
            ("early_stopping.args.enabled", "True"),
            ("early_stopping.args.epochs", "3"),
            ("name", "x"),
        ] {
            assert!(all.contains(&(path.to_owned(), value)), "{path} in {all:?}");
        }
    }

    #[test]
    fn json_and_a_python_module() {
        assert_eq!(of(r#"{"a": {"epochs": 30}, "b": [1, {"c": 2}], "d": null}"#).unwrap().len(), 3);
        let module = "from x import A\n\nconfig = {\n    'runner': A,\n    'epochs': 5,\n}\n";
        assert_eq!(of(module).unwrap(), [("runner".to_owned(), "A"), ("epochs".to_owned(), "5")]);
    }

    #[test]
    fn half_a_file_is_none() {
        assert_eq!(of("{\"epochs\": 10, \"a\": {"), None);
        assert_eq!(of("{'epochs': 10, 'na"), None);
        assert_eq!(of(""), None);
        assert_eq!(of("}"), None);
    }
}
