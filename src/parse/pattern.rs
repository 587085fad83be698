//! The regexes that a user types: smart case, bounded, with an error that fits in one line.

use regex::Regex;
use regex::RegexBuilder;

/// Compiled patterns are kept below this size, so that no pattern can fill memory.
const SIZE_LIMIT: usize = 1 << 20;

/// Compiles `pattern`; `None` for the empty one. Case counts only when the pattern holds a capital letter that is meant as one
/// (`\S` and `\D` are not). The error says in one line what is wrong.
pub fn compile(pattern: &str) -> Result<Option<Regex>, String> {
    if pattern.is_empty() {
        return Ok(None);
    }
    RegexBuilder::new(pattern)
        .case_insensitive(!is_exact(pattern))
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT * 4)
        .build()
        .map(Some)
        .map_err(|error| in_one_line(&error))
}

/// Whether case counts in `pattern`.
pub fn is_exact(pattern: &str) -> bool {
    let mut escaped = false;
    pattern.chars().any(|c| {
        let counts = !escaped && c.is_uppercase();
        escaped = c == '\\' && !escaped;
        counts
    })
}

fn in_one_line(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or("not a regular expression").trim();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn small_letters_match_any_case_and_a_capital_makes_case_count() {
        let any = compile("oom").unwrap().unwrap();
        assert!(any.is_match("OOM killer") && any.is_match("oom"));
        let exact = compile("OOM").unwrap().unwrap();
        assert!(exact.is_match("OOM killer") && !exact.is_match("oom"));
        let class = compile(r"loss\S+nan").unwrap().unwrap();
        assert!(class.is_match("LOSS=NaN"));
    }

    #[test]
    fn a_bad_pattern_says_what_is_wrong_in_one_line() {
        for bad in ["(", "[a", "a{2,1}", "*", r"\p{nope}", "(?P<x"] {
            let said = compile(bad).unwrap_err();
            assert!(!said.is_empty() && !said.contains('\n'), "{bad}: {said}");
        }
        assert!(compile(r"\w{1000000}").unwrap_err().contains("too large"));
        assert!(compile("").unwrap().is_none());
    }
}
