//! The last lines of programs that nobody caught the error of, as the runtimes of other languages than Python print them.

/// What a crash says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crash<'a> {
    /// The class of the error, where the language has one.
    pub type_name: &'a str,
    /// What it says.
    pub message: &'a str,
}

/// A class's name, with the packages it is in.
fn class(text: &str) -> Option<&str> {
    let last = text.rsplit(['.', ':']).next().unwrap_or(text);
    let named = text.len() < 120
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$' | b':'));
    (named && last.starts_with(|c: char| c.is_ascii_uppercase())).then_some(text)
}

/// `Class: message`, `Class`.
fn told(rest: &str) -> Option<Crash<'_>> {
    let (name, message) = rest.split_once(": ").unwrap_or((rest.trim_end_matches(':'), ""));
    class(name).map(|type_name| Crash { type_name, message })
}

/// Reads the line that a runtime prints last before it ends the program.
pub(crate) fn read(body: &str) -> Option<Crash<'_>> {
    let bare = |message| Some(Crash { type_name: "", message });
    if let Some(rest) = body.strip_prefix("Exception in thread \"") {
        // a thread's end is not the program's, but that of `main` is
        return told(rest.strip_prefix("main\" ")?).or(bare(body));
    }
    // .NET, Mono, PHP
    for start in [
        "Unhandled exception. ",
        "Unhandled Exception: ",
        "PHP Fatal error:  Uncaught ",
        "Fatal error: Uncaught ",
    ] {
        if let Some(rest) = body.strip_prefix(start) {
            return told(rest).or(bare(body));
        }
    }
    // Rust
    if let Some(rest) = body.strip_prefix("thread 'main' ")
        && rest.contains("panicked at ")
    {
        return bare(body);
    }
    // Go
    if body.starts_with("panic: ") || body.starts_with("fatal error: all goroutines are asleep") {
        return bare(body);
    }
    // Elixir
    if let Some((name, message)) = body.strip_prefix("** (").and_then(|rest| rest.split_once(") ")) {
        let error = class(name).filter(|name| name.ends_with("Error"));
        return error.map(|type_name| Crash { type_name, message });
    }
    // Ruby
    if body.ends_with(')')
        && let Some((place, rest)) = body.split_once(".rb:")
        && !place.contains(' ')
        && let Some((_, rest)) = rest.split_once(":in ")
        && let Some((_, rest)) = rest.split_once(": ")
        && let Some((message, name)) = rest.rsplit_once(" (")
    {
        return class(name.trim_end_matches(')')).map(|type_name| Crash { type_name, message });
    }
    // Lua
    let program = body.split(": ").next().unwrap_or("");
    if matches!(program.rsplit('/').next(), Some("lua" | "luajit" | "th")) && body.contains(".lua:") {
        return bare(body);
    }
    // the C library, Python's interpreter
    let asserted = body.contains(": Assertion `") && body.ends_with("' failed.");
    (asserted || body.starts_with("Fatal Python error: ")).then_some(Crash { type_name: "", message: body })
}

/// Perl's `cannot open f: No such file at train.pl line 12.`: a warning reads alike, so it must be the last word.
pub(crate) fn dies(body: &str) -> bool {
    let body = body.split(", <").next().unwrap_or(body);
    let Some((head, line)) = body.rsplit_once(" line ") else { return false };
    let number = line.trim_end_matches('.');
    let Some((_, file)) = head.rsplit_once(" at ") else { return false };
    !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && !file.contains(' ')
        && [".pl", ".pm", ".t"].iter().any(|ending| file.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runtimes_print_last() {
        for (text, type_name, message) in [
            (
                "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space",
                "java.lang.OutOfMemoryError",
                "Java heap space",
            ),
            ("Exception in thread \"main\" java.lang.StackOverflowError", "java.lang.StackOverflowError", ""),
            (
                "Unhandled exception. System.NullReferenceException: Object reference not set",
                "System.NullReferenceException",
                "Object reference not set",
            ),
            ("thread 'main' panicked at src/main.rs:3:5:", "", "thread 'main' panicked at src/main.rs:3:5:"),
            (
                "panic: runtime error: index out of range [9]",
                "",
                "panic: runtime error: index out of range [9]",
            ),
            ("** (ArithmeticError) bad argument", "ArithmeticError", "bad argument"),
            (
                "train.rb:12:in `fit': undefined method `x' for nil (NoMethodError)",
                "NoMethodError",
                "undefined method `x' for nil",
            ),
            ("luajit: net.lua:7: attempt to index nil", "", "luajit: net.lua:7: attempt to index nil"),
            (
                "fit: src/mat.c:9: dot: Assertion `n == m' failed.",
                "",
                "fit: src/mat.c:9: dot: Assertion `n == m' failed.",
            ),
        ] {
            assert_eq!(read(text), Some(Crash { type_name, message }), "{text}");
        }
    }

    #[test]
    fn what_is_no_crash() {
        for text in [
            "Exception in thread \"worker-3\" java.io.IOException: broken pipe",
            "panic mode off",
            "(Class) x",
            "** (Note) the loss fell",
            "train.rb:12: loaded (once)",
            "assertion failed, retrying",
            "lua support: yes",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(dies("cannot write out.bin: No space left on device at fit.pl line 31."));
        assert!(dies("bad row at lib/Data.pm line 3, <IN> line 7."));
        for text in ["loss at step 3 line 4.", "look at train.py line 3.", "at line 3."] {
            assert!(!dies(text), "{text}");
        }
    }
}
