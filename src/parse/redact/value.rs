//! Values that stand under the name of a secret and are none: `None`, `<unk>`, `${HF_TOKEN}`, `***`, `50256`.

use super::name::Head;
use super::name::Key;
use super::prefix;
use super::words;

/// What is longer is never innocent.
const LONGEST: usize = 80;

/// What is said of a secret instead of the secret.
const SAID: [&str; 66] = [
    "none",
    "null",
    "nil",
    "true",
    "false",
    "yes",
    "no",
    "n/a",
    "na",
    "nan",
    "undefined",
    "unset",
    "empty",
    "missing",
    "required",
    "optional",
    "invalid",
    "incorrect",
    "expired",
    "wrong",
    "hidden",
    "redacted",
    "masked",
    "removed",
    "filtered",
    "str",
    "string",
    "int",
    "bool",
    "bytes",
    "float",
    "any",
    "type",
    "object",
    "dict",
    "list",
    "default",
    "auto",
    "env",
    "environment",
    "prompt",
    "stdin",
    "found",
    "not",
    "is",
    "was",
    "are",
    "must",
    "cannot",
    "ok",
    "set",
    "valid",
    "saved",
    "provided",
    "given",
    "loaded",
    "accepted",
    "rejected",
    "denied",
    "failed",
    "unknown",
    "disabled",
    "enabled",
    "present",
    "absent",
    "optional[str]",
];

/// Words that placeholders are made of.
const PLACE: [&str; 30] = [
    "your",
    "my",
    "the",
    "a",
    "an",
    "insert",
    "here",
    "paste",
    "put",
    "enter",
    "token",
    "tokens",
    "key",
    "api",
    "secret",
    "password",
    "passwd",
    "hf",
    "wandb",
    "openai",
    "access",
    "auth",
    "huggingface",
    "github",
    "bearer",
    "user",
    "username",
    "value",
    "replace",
    "me",
];

/// Whether a text stands in for a secret, whatever its name.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    if value.len() > LONGEST {
        return false;
    }
    is_mask(value) || is_bracketed(value) || is_variable(value) || is_said(value) || is_slot(value)
}

/// Masks of any kind: `***`, `xxxx`, `abcd…`, `hf_***`.
fn is_mask(value: &str) -> bool {
    let blank = |c: char| matches!(c, '*' | '•' | '●' | '.' | '…' | '-' | '_' | '#' | '?' | '█' | '"' | '\'');
    if value.chars().all(blank) || value.len() > 1 && value.bytes().all(|byte| matches!(byte, b'x' | b'X')) {
        return true;
    }
    // some leave a few characters for recognition
    let shown =
        |start: usize, end: usize| (start - prefix::of(value).len().min(start)).max(value.len() - end);
    if let Some(start) = value.find("***") {
        let end = value.rfind("***").unwrap_or(start) + 3;
        let middle = value.get(start..end).unwrap_or_default();
        return shown(start, end) <= 8 && (middle.chars().all(blank) || is_said(middle.trim_matches('*')));
    }
    // a value that was cut off is none
    let dots = value.find("...").filter(|start| value.len() - start > 3 || *start <= 8);
    let dots = dots.or_else(|| value.find('…').filter(|start| value.len() - start > 3));
    dots.is_some_and(|start| shown(start, start + 3) <= 4)
}

/// `<unk>`, `[PAD]`, `{token}`, `</s>`, `(hidden)`.
fn is_bracketed(value: &str) -> bool {
    [('<', '>'), ('[', ']'), ('{', '}'), ('(', ')')]
        .into_iter()
        .any(|(open, close)| value.len() > 1 && value.starts_with(open) && value.ends_with(close))
}

/// `$HF_TOKEN`, `${HF_TOKEN}`, `$(cat key)`, `%TOKEN%`, `{{ secrets.X }}`, `os.environ["X"]`.
fn is_variable(value: &str) -> bool {
    let name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    value.strip_prefix('$').is_some_and(|rest| rest.starts_with(['{', '(']) || name(rest))
        || value.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(name)
        || ["os.environ", "os.getenv", "getenv(", "process.env", "getpass", "env:", "ENV["]
            .iter()
            .any(|call| value.starts_with(call))
}

/// `None`, `required`, `[REDACTED]`, `Optional[str]`.
fn is_said(value: &str) -> bool {
    let value = value.trim_end_matches(['.', '!', '?', ':']);
    SAID.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// `YOUR_API_KEY`, `your-token-here`, `HF_TOKEN`: names of secrets.
fn is_slot(value: &str) -> bool {
    let your = value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("your"));
    let capitals = !value.bytes().any(|byte| byte.is_ascii_lowercase());
    (your || capitals)
        && words::parts(value).next().is_some()
        && words::parts(value).all(|part| PLACE.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// Whether `value` is no secret though it stands under `key`. `quoted`: it was a string of its own.
pub(super) fn is_innocent(value: &str, key: Key, quoted: bool) -> bool {
    if is_placeholder(value) {
        return true;
    }
    if value.len() > LONGEST {
        return false;
    }
    let number = is_number(value);
    let mixed = value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let told = match key.head {
        Head::Password => mixed && !number,
        Head::Cookie => value.contains('='),
        _ => false,
    };
    if key.loose && !told && words::is_wordy(value) {
        return true;
    }
    match key.head {
        // a password may be a number
        Head::Password => (number && !quoted && value.len() < 4) || is_folder(value),
        Head::Cookie => number || (!value.contains('=') && words::is_wordy(value)),
        // ids of pieces of text are numbers of a few digits
        _ => number && value.len() < 12,
    }
}

/// `PWD=/home/x` is where a shell is.
fn is_folder(value: &str) -> bool {
    value.len() > 1 && value.starts_with(['/', '~']) && words::is_wordy(value)
}

/// `225`, `0.5`, `1e-4`, `12ms`, `3.4k`, `45%`.
pub(super) fn is_number(value: &str) -> bool {
    let unit = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '%' | '/'));
    let digits = unit.trim_start_matches(['-', '+']);
    value.len() - unit.len() <= 4
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b':'))
        || value.parse::<f64>().is_ok()
}
