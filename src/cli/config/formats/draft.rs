//! One `[[format]]`: its keys, each with an error that names its line.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;
use unicode_width::UnicodeWidthStr;

use super::Expected;
use super::Proof;
use super::Sample;
use super::Value;
use super::unknown;
use crate::cli::config::at;
use crate::model::record::Split;
use crate::parse::clean::clean;
use crate::parse::user::LONGEST;
use crate::parse::user::Meaning;
use crate::parse::user::Pattern;
use crate::parse::user::Unfit;
use crate::parse::user::UserFormat;

const KEYS: [&str; 9] =
    ["name", "pattern", "patterns", "pairs", "epoch_base", "step_base", "split", "means", "sample"];
const SAMPLE_KEYS: [&str; 2] = ["line", "expect"];
const SPLITS: [(&str, Split); 3] =
    [("train", Split::Train), ("validation", Split::Validation), ("test", Split::Test)];

/// Letters of a name: it has a place in a table's column.
const LONGEST_NAME: usize = 40;

/// One metric inside of the group `pairs`, unless the key `pairs` says otherwise: `a=1`, `b: 2`.
const PAIR: &str = r"(?<name>[^\s=:,;|]+)\s*[=:]\s*(?<value>[^\s,;|]+)";

/// A format whose samples have not been tried.
pub(super) struct Draft<'t> {
    pub(super) format: UserFormat,
    pub(super) proof: Proof<'t>,
}

/// The keys of one format, and how its errors are told.
struct Keys<'t> {
    text: &'t str,
    table: &'t DeTable<'t>,
    /// What errors begin with.
    whose: String,
    place: Range<usize>,
}

impl<'t> Draft<'t> {
    pub(super) fn read(text: &'t str, value: &'t Spanned<DeValue<'t>>) -> Result<Self, String> {
        let place = value.span();
        let Some(table) = value.get_ref().as_table() else {
            return Err(at(text, Some(place), "format: must be a table, under a line `[[format]]`"));
        };
        let mut keys = Keys { text, table, whose: "format".to_owned(), place: place.clone() };
        keys.only_known(table, &KEYS)?;
        let name = keys.name()?;
        keys.whose = format!("format `{name}`");
        let (patterns, places) = keys.patterns()?;
        let means = keys.word("means", &Meaning::WORDS)?;
        let pair = keys.pair(&patterns)?;
        let says_nothing = patterns.iter().position(|pattern| pattern.names().next().is_none());
        if let Some(number) = says_nothing.filter(|_| means.is_none()) {
            return Err(keys.wrong(
                places.get(number).cloned(),
                "the pattern names no group, so that it reads nothing; name what it captures, such as \
                 (?<loss>\\S+), or tell by `means` what its lines say",
            ));
        }
        let no_epoch = patterns.iter().position(|pattern| !pattern.names().any(|name| name == "epoch"));
        if let Some(number) = no_epoch.filter(|_| means == Some(Meaning::EpochEnd)) {
            return Err(keys.wrong(
                places.get(number).cloned(),
                "means \"epoch_end\" needs a group `epoch` that says which epoch is over",
            ));
        }
        let format = UserFormat {
            name: Arc::from(name),
            patterns,
            means,
            split: keys.word("split", &SPLITS)?,
            epoch_base: keys.base("epoch_base")?,
            step_base: keys.base("step_base")?.unwrap_or(1),
            pair,
        };
        let samples = keys.samples()?;
        Ok(Self { format, proof: Proof { place, patterns: places, samples } })
    }
}

impl<'t> Keys<'t> {
    fn wrong(&self, place: Option<Range<usize>>, what: &str) -> String {
        let place = place.unwrap_or_else(|| self.place.clone());
        at(self.text, Some(place), &format!("{}: {what}", self.whose))
    }

    fn only_known(&self, table: &DeTable<'_>, known: &[&str]) -> Result<(), String> {
        let strange = table.keys().find(|key| !known.iter().any(|known| *known == key.get_ref()));
        strange.map_or(Ok(()), |key| Err(self.wrong(Some(key.span()), &unknown(key.get_ref(), known))))
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    /// The text of `value`, which stands at `key`.
    fn text(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Result<&'t str, String> {
        let known = value.get_ref().as_str();
        known.ok_or_else(|| self.wrong(Some(value.span()), &format!("{key}: must be a text in quotes")))
    }

    fn name(&self) -> Result<&'t str, String> {
        let Some(value) = self.get("name") else {
            return Err(self.wrong(None, "it has no `name`"));
        };
        let name = self.text("name", value)?;
        let plain = clean(name) == name && name.trim() == name;
        if name.is_empty() || name.chars().count() > LONGEST_NAME || !plain {
            let what = format!("name: must be 1 to {LONGEST_NAME} letters that can be shown");
            return Err(self.wrong(Some(value.span()), &what));
        }
        Ok(name)
    }

    /// The patterns, and where they stand.
    fn patterns(&self) -> Result<(Vec<Pattern>, Vec<Range<usize>>), String> {
        let values: Vec<&'t Spanned<DeValue<'t>>> = match (self.get("pattern"), self.get("patterns")) {
            (Some(_), Some(second)) => {
                return Err(self.wrong(Some(second.span()), "it has both `pattern` and `patterns`"));
            }
            (Some(one), None) => vec![one],
            (None, Some(list)) => match list.get_ref().as_array() {
                Some(all) if !all.is_empty() => all.iter().collect(),
                _ => {
                    return Err(self.wrong(Some(list.span()), "patterns: must be a list of texts in quotes"));
                }
            },
            (None, None) => return Err(self.wrong(None, "it has no `pattern`")),
        };
        let mut patterns = Vec::with_capacity(values.len());
        let mut places = Vec::with_capacity(values.len());
        for value in values {
            patterns.push(self.pattern("pattern", value, Pattern::new)?);
            places.push(value.span());
        }
        Ok((patterns, places))
    }

    fn pattern(
        &self,
        key: &str,
        value: &'t Spanned<DeValue<'t>>,
        compile: fn(&str) -> Result<Pattern, Unfit>,
    ) -> Result<Pattern, String> {
        let text = self.text(key, value)?;
        compile(text).map_err(|unfit| {
            let shown = unfit.at.map(|place| pointed(text, place, "here")).unwrap_or_default();
            self.wrong(Some(value.span()), &format!("{key}: {}{shown}", unfit.what))
        })
    }

    /// What reads one pair inside of the group `pairs`.
    fn pair(&self, patterns: &[Pattern]) -> Result<Option<Pattern>, String> {
        let wanted = patterns.iter().any(Pattern::has_pairs);
        match self.get("pairs") {
            Some(value) if !wanted => {
                Err(self.wrong(Some(value.span()), "pairs: no pattern has a group `pairs`"))
            }
            Some(value) => self.pattern("pairs", value, Pattern::pair).map(Some),
            None if wanted => Ok(Pattern::pair(PAIR).ok()),
            None => Ok(None),
        }
    }

    /// What a word means.
    fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let known = value.get_ref().as_str().and_then(|word| words.iter().find(|(known, _)| *known == word));
        known.map(|(_, meaning)| Some(*meaning)).ok_or_else(|| {
            let all: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.wrong(Some(value.span()), &format!("{key}: must be one of {}", all.join(", ")))
        })
    }

    fn base(&self, key: &str) -> Result<Option<u8>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let base = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        match base.filter(|base| *base < 2) {
            Some(base) => Ok(Some(base)),
            None => Err(self.wrong(Some(value.span()), &format!("{key}: must be 0 or 1"))),
        }
    }

    fn samples(&self) -> Result<Vec<Sample<'t>>, String> {
        let list = self.get("sample").map(|value| (value, value.get_ref().as_array()));
        let all = match list {
            Some((_, Some(all))) if !all.is_empty() => all,
            Some((value, _)) => {
                let what = "sample: must be a list of tables, each under a line `[[format.sample]]`";
                return Err(self.wrong(Some(value.span()), what));
            }
            None => {
                return Err(self.wrong(
                    None,
                    "it has no sample; add a line of the log and what is to be read of it:\n\
                     \n    [[format.sample]]\n    line = '…'\n    expect = { step = 120, loss = 0.53 }",
                ));
            }
        };
        all.iter().map(|value| self.sample(value)).collect()
    }

    fn sample(&self, value: &'t Spanned<DeValue<'t>>) -> Result<Sample<'t>, String> {
        let Some(table) = value.get_ref().as_table() else {
            let what = "sample: must be a table, under a line `[[format.sample]]`";
            return Err(self.wrong(Some(value.span()), what));
        };
        self.only_known(table, &SAMPLE_KEYS)?;
        let Some(line) = table.get("line") else {
            return Err(self.wrong(Some(value.span()), "a sample has no `line`"));
        };
        let place = line.span();
        let line = self.text("line", line)?.trim_end();
        if line.is_empty() || line.len() > LONGEST || line.contains(['\n', '\r', '\u{1b}']) {
            let what = format!("line: must be one line of at most {LONGEST} bytes, without escape sequences");
            return Err(self.wrong(Some(place), &what));
        }
        let expect = match table.get("expect") {
            Some(value) => self.expect(value)?,
            None => Vec::new(),
        };
        Ok(Sample { line, place, expect })
    }

    fn expect(&self, value: &'t Spanned<DeValue<'t>>) -> Result<Vec<Expected<'t>>, String> {
        let Some(table) = value.get_ref().as_table() else {
            let what = "expect: must be a table, such as { step = 120, loss = 0.53 }";
            return Err(self.wrong(Some(value.span()), what));
        };
        table
            .iter()
            .map(|(key, value)| {
                let name: &str = key.get_ref();
                match figure(value.get_ref()) {
                    Some(found) => Ok(Expected { name, place: key.span(), value: found }),
                    None => Err(self.wrong(
                        Some(value.span()),
                        &format!("expect: `{name}` must be a number or a text in quotes"),
                    )),
                }
            })
            .collect()
    }
}

fn figure<'t>(value: &'t DeValue<'_>) -> Option<Value<'t>> {
    match value {
        DeValue::String(text) => Some(Value::Text(text)),
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok().map(Value::Figure),
        DeValue::Float(number) => number.as_str().parse().ok().map(Value::Figure),
        _ => None,
    }
}

/// A line of `text` below the message that it belongs to, with a mark and a note under the byte `place`.
pub(super) fn pointed(text: &str, place: usize, note: &str) -> String {
    let (before, behind) = text.split_at_checked(place).unwrap_or((text, ""));
    let head = before.rsplit('\n').next().unwrap_or(before);
    let tail = behind.lines().next().unwrap_or("");
    let (head, tail) = (clean(head), clean(tail));
    format!("\n    {head}{tail}\n    {}^ {note}", " ".repeat(head.width()))
}
