//! Patterns that the user wants redacted besides what is built in.

use regex::Regex;
use regex::RegexBuilder;

use super::edits::Edit;

/// Compiled patterns are kept below this size, so that none can fill memory.
const SIZE_LIMIT: usize = 1 << 20;

/// A pattern: what its group `secret` matches is redacted, or all that it matches when it has none.
#[derive(Debug, Clone)]
pub struct Own(Regex);

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Own {
    /// Compiles a pattern in the syntax of the `regex` crate. The error is one line that says what is wrong.
    pub fn new(text: &str) -> Result<Self, String> {
        if let Err(error) = regex_syntax::Parser::new().parse(text) {
            return Err(match error {
                regex_syntax::Error::Parse(error) => error.kind().to_string(),
                regex_syntax::Error::Translate(error) => error.kind().to_string(),
                _ => "not a regular expression".to_owned(),
            });
        }
        let built = RegexBuilder::new(text).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT * 4).build();
        let regex = built.map_err(|_| "the pattern is too large".to_owned())?;
        if regex.is_match("") {
            return Err("it matches where nothing is; say what a secret is made of".to_owned());
        }
        Ok(Self(regex))
    }

    pub(super) fn find(&self, text: &str, found: &mut Vec<Edit>) {
        for groups in self.0.captures_iter(text) {
            let Some(secret) = groups.name("secret").or_else(|| groups.get(0)) else { continue };
            // what is masked already is not masked again
            if !secret.is_empty() && secret.as_str().bytes().any(|byte| byte != b'*') {
                found.push(Edit::whole(secret.range()));
            }
        }
    }
}
