//! Exit codes that are told below what a program printed.

use std::sync::LazyLock;

use regex::Regex;

/// A part of each such line.
static CODES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("[Ee]xit|EXIT|Ended [(]code|return value").ok());

/// What follows one of `starts`, as a number.
fn code_behind(text: &str, starts: &[&str]) -> Option<i64> {
    let rest = starts.iter().find_map(|start| text.strip_prefix(start))?;
    rest.trim_end_matches('.').trim().parse().ok()
}

/// The exit code that script(1) or one of Kaldi's job scripts writes under what it recorded.
pub(crate) fn exit_code(text: &str) -> Option<i64> {
    if !CODES.as_ref().is_some_and(|codes| codes.is_match(text)) {
        return None;
    }
    if let Some(rest) = text.strip_prefix("# Ended (code ") {
        return rest.split_once(')')?.0.parse().ok();
    }
    // of an editor, and of shell scripts
    let starts = [
        "Process finished with exit code ",
        "Exit code: ",
        "exit code: ",
        "Exit status: ",
        "EXIT CODE: ",
        "##[error]Process completed with exit code ",
        "Process completed with exit code ",
        "PBS epilogue: Exit status: ",
        "Command exited with non-zero status ",
        // `go run`
        "exit status ",
    ];
    if let Some(code) = code_behind(text.trim(), &starts) {
        return Some(code);
    }
    // HTCondor's
    if let Some((_, rest)) = text.split_once("Normal termination (return value ")
        && let Some((code, _)) = rest.split_once(')')
    {
        return code.parse().ok();
    }
    let rest = text.trim_start().strip_prefix("Script done on ")?;
    let (_, code) = rest.split_once("COMMAND_EXIT_CODE=\"")?;
    code.split('"').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        assert_eq!(
            exit_code("Script done on 2026-11-22 15:00:00+00:00 [COMMAND_EXIT_CODE=\"137\"]"),
            Some(137)
        );
        assert_eq!(exit_code("Script started on x"), None);
        assert_eq!(exit_code("Process finished with exit code 1"), Some(1));
        assert_eq!(exit_code("exit code: 0"), Some(0));
        assert_eq!(exit_code("exit code: none"), None);
        let kaldi = "# Ended (code 1) at Tue Oct 20 06:04:41 EDT 2015, elapsed time 0 seconds";
        assert_eq!(exit_code(kaldi), Some(1));
    }
}
