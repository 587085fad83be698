//! One pass over a line: an automaton finds the words and prefixes near which secrets stand, and the rule of each looks closer.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::AhoCorasickBuilder;
use aho_corasick::AhoCorasickKind;

use super::edits::Edit;
use super::header;
use super::home;
use super::pair::Pairs;
use super::pem;
use super::pem::Block;
use super::prefix;
use super::url;

/// What is looked for, and what looks closer where it stands.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// A word in the names of secrets.
    Name,
    /// A token that is known by how it begins.
    Prefix(usize),
    Bearer,
    Basic,
    Jwt,
    Pem,
    Url,
    Signature,
    Webhook,
    Telegram,
    Command,
    /// What another redactor left.
    Rest,
    /// What another redactor left behind a quote that it took for the end.
    Tail,
    Home,
    /// Letters that are written as escapes: a closer look alone tells.
    Escaped,
}

/// Words, in any case.
const WORDS: [(&str, Rule); 30] = [
    ("token", Rule::Name),
    ("secret", Rule::Name),
    ("pass", Rule::Name),
    ("pw", Rule::Name),
    ("key", Rule::Name),
    ("auth", Rule::Name),
    ("cookie", Rule::Name),
    ("cred", Rule::Name),
    ("sessionid", Rule::Name),
    ("sessid", Rule::Name),
    ("jwt", Rule::Name),
    ("login", Rule::Name),
    ("bearer", Rule::Bearer),
    ("basic", Rule::Basic),
    ("eyj", Rule::Jwt),
    ("-----begin", Rule::Pem),
    ("://", Rule::Url),
    (":\\/\\/", Rule::Url),
    ("sig=", Rule::Signature),
    ("signature=", Rule::Signature),
    ("hooks.slack", Rule::Webhook),
    ("/webhooks/", Rule::Webhook),
    (":aa", Rule::Telegram),
    ("curl ", Rule::Command),
    ("mysql", Rule::Command),
    ("sshpass", Rule::Command),
    ("redis-cli", Rule::Command),
    ("***redacted***", Rule::Rest),
    ("***\"", Rule::Tail),
    ("\\u00", Rule::Escaped),
];

const HOMES: [&str; 4] = ["/home/", "/users/", "\\users\\", "\\\\users\\\\"];

struct Automaton {
    finder: AhoCorasick,
    rules: Vec<Rule>,
}

impl Automaton {
    /// `None` can not be: the words are few and fixed.
    fn new(homes: bool) -> Option<Self> {
        let words = WORDS.iter().copied();
        let prefixes = prefix::ALL.iter().enumerate().map(|(at, kind)| (kind.prefix, Rule::Prefix(at)));
        let homes = HOMES.iter().filter(|_| homes).map(|word| (*word, Rule::Home));
        let (words, rules): (Vec<&str>, Vec<Rule>) = words.chain(prefixes).chain(homes).unzip();
        let finder = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words)
            .ok()?;
        Some(Self { finder, rules })
    }
}

static PLAIN: LazyLock<Option<Automaton>> = LazyLock::new(|| Automaton::new(false));
static WITH_HOMES: LazyLock<Option<Automaton>> = LazyLock::new(|| Automaton::new(true));

fn automaton(home: bool) -> Option<&'static Automaton> {
    if home { WITH_HOMES.as_ref() } else { PLAIN.as_ref() }
}

/// Whether there is anything to look closer at.
pub(super) fn suspects(text: &str, home: bool) -> bool {
    let Some(automaton) = automaton(home) else { return true };
    automaton.finder.find_iter(text).any(|hit| {
        let rule = automaton.rules.get(hit.pattern().as_usize());
        rule.is_some_and(|rule| rule.may_hold(text, hit.start(), hit.end()))
    })
}

impl Rule {
    /// What two bytes around a hit can tell: most hits are parts of other words (`tokens`, `monkeys`, `https://host/`).
    #[inline]
    fn may_hold(self, text: &str, start: usize, end: usize) -> bool {
        let bytes = text.as_bytes();
        let next = bytes.get(end).copied().unwrap_or(b' ');
        match self {
            Self::Name => {
                let last = bytes.get(end - 1).copied().unwrap_or(b' ');
                let goes_on =
                    next.is_ascii_lowercase() || next.is_ascii_uppercase() && last.is_ascii_uppercase();
                if !goes_on {
                    return true;
                }
                // words that go on and are still of a secret: by the last letter of the word and the next one
                match last.to_ascii_lowercase() {
                    b'n' => bytes.get(start).is_some_and(|first| first.eq_ignore_ascii_case(&b'l')),
                    b'w' => next.eq_ignore_ascii_case(&b'd'),
                    b's' => matches!(next.to_ascii_lowercase(), b'w' | b'p' | b'c'),
                    b'y' => next.eq_ignore_ascii_case(&b's'),
                    b'h' => matches!(next.to_ascii_lowercase(), b'o' | b'k' | b't'),
                    b't' => matches!(next.to_ascii_lowercase(), b's' | b'k' | b't'),
                    _ => true,
                }
            }
            Self::Prefix(kind) => prefix::may_begin(bytes, start, end, kind),
            Self::Url => {
                let far = bytes.len().min(end + url::FARTHEST);
                bytes.get(end..far).is_some_and(|rest| memchr::memchr(b'@', rest).is_some())
            }
            Self::Telegram => {
                start.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit)
            }
            Self::Tail => next.is_ascii_alphanumeric(),
            Self::Escaped => matches!(next, b'2'..=b'7'),
            _ => true,
        }
    }
}

/// A look at one text.
pub(super) struct Scan<'t, 'f> {
    text: &'t str,
    home: bool,
    found: &'f mut Vec<Edit>,
}

impl<'t, 'f> Scan<'t, 'f> {
    pub(super) fn new(text: &'t str, home: bool, found: &'f mut Vec<Edit>) -> Self {
        Self { text, home, found }
    }

    /// Finds the secrets. `block` is left open by a key in PEM form that has no end in this text.
    pub(super) fn run(self, block: &mut Block) {
        let Some(automaton) = automaton(self.home) else { return };
        let text = self.text;
        let mut pairs = Pairs::new(text);
        let mut done = 0;
        for hit in automaton.finder.find_iter(text) {
            let Some(rule) = automaton.rules.get(hit.pattern().as_usize()) else { continue };
            if hit.start() < done || !rule.may_hold(text, hit.start(), hit.end()) {
                continue;
            }
            let at = hit.range();
            let before = self.found.len();
            let found = &mut *self.found;
            match rule {
                Rule::Name => pairs.find(at, found),
                Rule::Prefix(kind) => found.extend(prefix::find(text, at.start, *kind)),
                Rule::Bearer => {
                    pairs.find(at.clone(), found);
                    if found.len() == before {
                        found.extend(header::bearer(text, at));
                    }
                }
                Rule::Basic => found.extend(header::basic(text, at)),
                Rule::Jwt => found.extend(header::jwt(text, at.start)),
                Rule::Pem => found.extend(pem::begin(text, at.start, block)),
                Rule::Url => found.extend(url::password(text, at)),
                Rule::Signature => found.extend(url::signature(text, at)),
                Rule::Webhook => found.extend(url::webhook(text, at)),
                Rule::Telegram => found.extend(url::telegram(text, at)),
                Rule::Command => found.extend(header::command(text, at)),
                Rule::Rest => found.extend(prefix::rest(text, at)),
                Rule::Tail => found.extend(prefix::tail(text, at.end)),
                Rule::Home => found.extend(home::find(text, at)),
                Rule::Escaped => {}
            }
            for edit in self.found.iter().skip(before) {
                done = done.max(edit.from.end);
            }
        }
    }
}
