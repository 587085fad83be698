//! `[redact]` of the settings file: patterns of the user's own, and whether names in home directories are secrets.

use toml::Spanned;
use toml::de::DeValue;

use super::at;
use super::formats::unknown;
use crate::parse::redact::Own;
use crate::parse::redact::Redactor;

/// Patterns that there may be: each is tried on every line.
const MOST_PATTERNS: usize = 50;

const KEYS: [&str; 2] = ["patterns", "home"];

/// Reads the value of `redact` in the settings file `text`. The error is as that of [`super::parse`].
pub(super) fn read(text: &str, value: &Spanned<DeValue<'_>>) -> Result<Redactor, String> {
    let Some(table) = value.get_ref().as_table() else {
        return Err(at(text, Some(value.span()), "redact: must be a table, under a line `[redact]`"));
    };
    let (mut own, mut home) = (Vec::new(), false);
    for (key, value) in table {
        let name: &str = key.get_ref();
        let wrong = |what: &str| at(text, Some(value.span()), &format!("redact.{name}: {what}"));
        match name {
            "home" => {
                home = value.get_ref().as_bool().ok_or_else(|| wrong("must be true or false"))?;
            }
            "patterns" => {
                let list = value.get_ref().as_array().ok_or_else(|| {
                    wrong("must be a list of patterns in single quotes, such as ['cust-\\d{6}']")
                })?;
                if list.len() > MOST_PATTERNS {
                    return Err(wrong(&format!("more than the {MOST_PATTERNS} that there may be")));
                }
                own = list.iter().map(|one| pattern(text, one)).collect::<Result<_, String>>()?;
            }
            _ => return Err(at(text, Some(key.span()), &format!("redact: {}", unknown(name, &KEYS)))),
        }
    }
    Ok(Redactor::new(own, home))
}

fn pattern(text: &str, value: &Spanned<DeValue<'_>>) -> Result<Own, String> {
    let wrong = |what: &str| at(text, Some(value.span()), &format!("redact.patterns: {what}"));
    let Some(written) = value.get_ref().as_str() else { return Err(wrong("must be text in single quotes")) };
    Own::new(written).map_err(|error| wrong(&format!("`{written}`: {error}")))
}

#[cfg(test)]
mod tests {
    use crate::cli::config::parse;
    use crate::parse::redact::Redactor;

    #[test]
    fn patterns_and_homes_are_read() {
        let text = "[redact]\npatterns = ['cust-\\d{4}', 'badge (?<secret>\\w+)']\nhome = true\n";
        let redactor = parse(text).expect("settings").redactor;
        let line = "cust-1234 with badge x7 in /home/exampleuser/runs";
        assert_eq!(redactor.redact(line).text(), "*** with badge *** in /home/***/runs");
        assert_eq!(Redactor::default().redact(line).text(), line);
    }

    #[test]
    fn errors_name_the_line_and_teach() {
        for (text, expected) in [
            ("redact = 1", "1: redact: must be a table, under a line `[redact]`"),
            ("[redact]\nhome = 'yes'", "2: redact.home: must be true or false"),
            ("[redact]\npattern = []", "2: redact: unknown key `pattern`; did you mean `patterns`?"),
            (
                "[redact]\npatterns = 'x'",
                "2: redact.patterns: must be a list of patterns in single quotes, such as ['cust-\\d{6}']",
            ),
            ("[redact]\npatterns = [\n  'a',\n  3,\n]", "4: redact.patterns: must be text in single quotes"),
            ("[redact]\npatterns = [\n  'a(',\n]", "3: redact.patterns: `a(`: unclosed group"),
            (
                "[redact]\npatterns = ['a*']",
                "2: redact.patterns: `a*`: it matches where nothing is; say what a secret is made of",
            ),
        ] {
            assert_eq!(parse(text), Err(expected.to_owned()));
        }
    }
}
