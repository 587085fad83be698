//! Which names are those of secrets: `hf_token`, `apiKey`, `x-api-key`; and which are not: `max_tokens`, `eos_token`, `monkey`.
//!
//! A name is cut into its parts (`_`, `-`, `.`, capitals), and parts are compared as wholes.

use super::edits::Edit;
use super::header;
use super::prefix;
use super::value;
use super::words;

/// Keys under which settings as lists of pairs hold a name.
pub(super) const NAMES: [&str; 4] = ["name", "key", "variable", "env"];

/// Parts of a name that are looked at; what has more is no name.
const MOST_PARTS: usize = 12;

/// What a name is that of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    Password,
    Secret,
    Token,
    Key,
    Auth,
    Cookie,
}

/// A name of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) head: Head,
    /// Whether its value is a secret only when it is not made of words.
    pub(super) loose: bool,
    /// Whether lists of it hold secrets.
    pub(super) many: bool,
}

const PASSWORD: [&str; 9] =
    ["password", "passwd", "pwd", "passphrase", "passcode", "passwort", "userpass", "passwords", "pswd"];
const SECRET: [&str; 5] = ["secret", "secrets", "credential", "credentials", "creds"];
const AUTH: [&str; 3] = ["auth", "authorization", "bearer"];
const COOKIE: [&str; 5] = ["cookie", "cookies", "sessionid", "phpsessid", "jsessionid"];
const GLUED_KEYS: [&str; 14] = [
    "apikey",
    "apikeys",
    "secretkey",
    "accesskey",
    "privatekey",
    "authkey",
    "accountkey",
    "masterkey",
    "signingkey",
    "encryptionkey",
    "sshkey",
    "licensekey",
    "wandbkey",
    "sharedkey",
];
/// What stands before `token` in one word.
const GLUED_TOKEN: [&str; 20] = [
    "access", "auth", "csrf", "xsrf", "api", "hf", "my", "bot", "user", "session", "refresh", "id", "bearer",
    "github", "gh", "gitlab", "app", "wandb", "hub", "secret",
];
/// What makes a key one that locks.
const KEY_OF: [&str; 50] = [
    "api",
    "access",
    "secret",
    "private",
    "auth",
    "authorization",
    "encryption",
    "encrypt",
    "signing",
    "master",
    "account",
    "subscription",
    "ssh",
    "wandb",
    "openai",
    "anthropic",
    "hf",
    "huggingface",
    "storage",
    "admin",
    "license",
    "licence",
    "deploy",
    "session",
    "shared",
    "aws",
    "gcp",
    "azure",
    "github",
    "gitlab",
    "runpod",
    "comet",
    "neptune",
    "mlflow",
    "clearml",
    "cohere",
    "mistral",
    "groq",
    "gemini",
    "replicate",
    "fernet",
    "jwt",
    "hmac",
    "webhook",
    "ssl",
    "tls",
    "rsa",
    "datadog",
    "sentry",
    "stripe",
];
/// What a token is that is no secret: a piece of text.
const TEXT_TOKEN: [&str; 72] = [
    "eos",
    "bos",
    "pad",
    "unk",
    "mask",
    "cls",
    "sep",
    "special",
    "image",
    "img",
    "video",
    "audio",
    "stop",
    "start",
    "end",
    "begin",
    "next",
    "prev",
    "previous",
    "first",
    "last",
    "max",
    "min",
    "num",
    "n",
    "per",
    "total",
    "avg",
    "mean",
    "additional",
    "extra",
    "input",
    "output",
    "target",
    "source",
    "src",
    "tgt",
    "prompt",
    "completion",
    "generated",
    "predicted",
    "sampled",
    "decoder",
    "encoder",
    "forced",
    "suppress",
    "vocab",
    "word",
    "sub",
    "subword",
    "top",
    "lang",
    "language",
    "control",
    "fim",
    "prefix",
    "suffix",
    "middle",
    "eot",
    "eom",
    "eod",
    "sot",
    "blank",
    "newline",
    "vision",
    "patch",
    "register",
    "class",
    "query",
    "separator",
    "padding",
    "decoded",
];
/// What a name ends with whose value tells of a secret but is none.
const ABOUT: [&str; 50] = [
    "path",
    "file",
    "filename",
    "dir",
    "folder",
    "name",
    "names",
    "id",
    "ids",
    "url",
    "uri",
    "type",
    "types",
    "count",
    "counts",
    "length",
    "len",
    "size",
    "limit",
    "num",
    "var",
    "field",
    "header",
    "expiry",
    "expires",
    "expiration",
    "ttl",
    "endpoint",
    "format",
    "version",
    "kind",
    "index",
    "idx",
    "prob",
    "probs",
    "rate",
    "acc",
    "accuracy",
    "loss",
    "usage",
    "position",
    "dim",
    "embedding",
    "embeddings",
    "weight",
    "policy",
    "manager",
    "error",
    "status",
    "env",
];
/// What passes for a part in `pass=`: whose it is.
const PASS_OF: [&str; 19] = [
    "db", "database", "smtp", "mysql", "pg", "postgres", "redis", "user", "admin", "root", "ftp", "mail",
    "email", "mongo", "rabbitmq", "ssh", "sudo", "proxy", "login",
];

/// Cuts a name into its parts.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    words::parts(name).flat_map(camel).filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The words of `camelCase` and `HTTPServer`.
fn camel(mut rest: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let bytes = rest.as_bytes();
        let mut at = 1;
        while at < bytes.len() {
            let (before, here) = (bytes.get(at - 1)?, bytes.get(at)?);
            let small_behind = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            let starts = here.is_ascii_uppercase() && (!before.is_ascii_uppercase() || small_behind);
            if (starts || here.is_ascii_digit() != before.is_ascii_digit()) && rest.is_char_boundary(at) {
                break;
            }
            at += 1;
        }
        let (part, later) = rest.split_at_checked(at)?;
        rest = later;
        Some(part)
    })
}

fn is_among(part: &str, words: &[&str]) -> bool {
    words.iter().any(|word| part.eq_ignore_ascii_case(word))
}

/// What `part` is glued to: `mypassword`.
fn ends_with(part: &str, end: &str) -> bool {
    let at = part.len().checked_sub(end.len());
    at.and_then(|at| part.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// The head that a part is, given those before it.
fn head(part: &str, before: &[&str]) -> Option<(Head, bool)> {
    let none_of = |words: &[&str]| !before.iter().any(|part| is_among(part, words));
    let sure = |head| Some((head, false));
    if is_among(part, &PASSWORD) || ends_with(part, "password") || ends_with(part, "passwd") {
        return sure(Head::Password);
    }
    if is_among(part, &["pw"]) {
        return Some((Head::Password, true));
    }
    if is_among(part, &["pass"]) {
        let whose = before.last().is_some_and(|part| is_among(part, &PASS_OF));
        return (whose || before.is_empty()).then_some((Head::Password, !whose));
    }
    if is_among(part, &SECRET) || ends_with(part, "secret") {
        return sure(Head::Secret);
    }
    if is_among(part, &["token", "jwt"]) {
        return none_of(&TEXT_TOKEN).then_some((Head::Token, false));
    }
    if ends_with(part, "token")
        && part.get(..part.len() - 5).is_some_and(|glued| is_among(glued, &GLUED_TOKEN))
    {
        return sure(Head::Token);
    }
    if is_among(part, &GLUED_KEYS) {
        return sure(Head::Key);
    }
    if is_among(part, &["key", "keys"]) {
        return (!none_of(&KEY_OF)).then_some((Head::Key, false));
    }
    if is_among(part, &AUTH) {
        return Some((Head::Auth, is_among(part, &["auth"])));
    }
    is_among(part, &COOKIE).then_some((Head::Cookie, false))
}

impl Key {
    /// What `name` is the name of; `above` is the name that it stands under.
    pub(super) fn of(name: &str, above: Option<&str>) -> Option<Self> {
        if name.contains("***REDACTED***") {
            // another redactor took the key for a secret
            return Some(Self { head: Head::Secret, loose: false, many: false });
        }
        let mut all: Vec<&str> = Vec::with_capacity(4);
        let bare = name.len() <= 4;
        for part in above.filter(|_| bare).into_iter().flat_map(parts).chain(parts(name)) {
            if all.len() == MOST_PARTS {
                return None;
            }
            all.push(part);
        }
        let mut found: Option<(Self, usize)> = None;
        for (at, part) in all.iter().enumerate() {
            if let Some((head, loose)) = head(part, all.get(..at).unwrap_or_default()) {
                let many = part.ends_with(['s', 'S']) && head != Head::Password || head == Head::Secret;
                found = Some((Self { head, loose, many }, at));
            }
        }
        let (mut key, at) = found?;
        let behind = all.get(at + 1..).unwrap_or_default();
        if behind.iter().any(|part| is_among(part, &ABOUT)) {
            return None;
        }
        key.loose |= !behind.is_empty();
        Some(key)
    }

    /// What it says of the strings in an object or list that stands under it.
    pub(super) fn below(self, object: bool) -> Option<Self> {
        match self.head {
            Head::Auth => None,
            Head::Password | Head::Secret | Head::Token | Head::Key if object && !self.many => None,
            head => Some(Self { loose: self.loose || object || head == Head::Token, ..self }),
        }
    }

    /// What to make of a whole value under it: `None` when there is no secret in it by that name alone.
    pub(super) fn whole(self, value: &str) -> Option<Edit> {
        if value::is_innocent(value, self, true) {
            return None;
        }
        let (start, prefix) = match self.head {
            Head::Auth => (header::scheme(value), ""),
            _ => (0, prefix::of(value)),
        };
        let secret = value.get(start..)?;
        (!value::is_placeholder(secret)).then(|| Edit::with(start..value.len(), prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "password",
            "db_password",
            "DB_PASS",
            "HF_TOKEN",
            "hf_token",
            "apiKey",
            "x-api-key",
            "WANDB_API_KEY",
            "APIKey",
            "clientSecret",
            "aws_secret_access_key",
            "AccountKey",
            "authToken",
            "accesstoken",
            "Authorization",
            "Set-Cookie",
            "mypassword",
            "secret",
            "OPENAI_API_KEY",
            "openai.api_key",
            "token2",
            "use_auth_token",
            "HF_TOKEN_READ",
            "passphrase",
            "csrftoken",
            "api_keys",
            "jwt",
            "private_key",
            "SECRET_KEY",
            "MYSQL_PWD",
            "github-token",
            "credentials",
            "hub_token",
            "tokenSecret",
        ] {
            assert!(Key::of(name, None).is_some(), "{name}");
        }
        assert!(Key::of("key", Some("wandb")).is_some());
    }

    #[test]
    fn names_of_other_things() {
        for name in [
            "tokenizer",
            "max_tokens",
            "num_tokens",
            "token_count",
            "keyframes",
            "monkey",
            "max_token",
            "pad_token",
            "eos_token_id",
            "key",
            "num_key_value_heads",
            "tokens_per_second",
            "keyboard",
            "author",
            "authority",
            "token_type_ids",
            "cache_key",
            "public_key",
            "primary_key",
            "private_key_path",
            "secretary",
            "password_file",
            "token_embedding",
            "sort_keys",
            "forward_pass",
            "passed",
            "bypass",
            "compass",
            "tokens",
            "image_token",
            "additional_special_tokens",
            "keys",
            "token_accuracy",
            "mean_token_accuracy",
            "key_padding_mask",
            "cookiecutter",
            "sessions",
            "num_tokens_seen",
        ] {
            assert_eq!(Key::of(name, None), None, "{name}");
        }
        assert_eq!(Key::of("key", Some("cache")), None);
    }
}
