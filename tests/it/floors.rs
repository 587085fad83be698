//! The floors of `src/lib.rs`, enforced: nothing imports upwards, and pure floors touch neither the world nor the clock.
//!
//! It reads source text and needs no compiler: strings, character literals and comments are blanked first, and so is what
//! stands under `#[cfg(test)]`, since tests may use whatever they like.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Each module of the library with its floor, and whether it is pure.
const FLOORS: [(&str, u8, bool); 12] = [
    ("clock", 0, false),
    ("model", 0, true),
    ("parse", 1, true),
    ("source", 2, false),
    ("track", 3, true),
    ("store", 4, true),
    ("app", 5, true),
    ("report", 5, true),
    ("ui", 6, true),
    ("runtime", 7, false),
    ("cli", 8, false),
    ("main", 9, false),
];

/// What a pure floor never says, and why.
const IMPURE: [(&str, &str); 21] = [
    ("std::fs", "file system"),
    ("std::io", "I/O"),
    ("std::net", "network"),
    ("std::env", "environment"),
    ("std::process", "processes"),
    ("std::thread", "threads"),
    ("std::os", "operating system"),
    ("Mutex", "shared state"),
    ("mpsc", "channels"),
    ("Instant", "a clock"),
    ("SystemTime", "a clock"),
    ("Timestamp::now", "a clock"),
    ("Zoned::now", "a clock"),
    ("SystemClock", "a clock"),
    ("crate::clock", "a clock"),
    ("tokio", "a runtime"),
    ("notify", "a watcher"),
    ("crossterm", "a terminal"),
    ("rustix", "system calls"),
    ("directories", "the user's folders"),
    ("println!", "standard output"),
];

#[test]
fn nothing_goes_up_and_pure_floors_are_pure() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&src, &mut files);
    assert!(files.len() > 20, "only {} files below {}", files.len(), src.display());
    let mut faults = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("a source file is UTF-8");
        let path = file.strip_prefix(&src).expect("a path below src").to_string_lossy().replace('\\', "/");
        faults.extend(check(&path, &text));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_module_has_a_floor() {
    let lib =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("src/lib.rs");
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches(';');
        assert!(FLOORS.iter().any(|(floor, _, _)| *floor == name), "{name} has no floor in this test");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder below src") {
        let path = entry.expect("an entry below src").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            files.push(path);
        }
    }
}

/// The faults of one file, `path` being relative to `src`.
fn check(path: &str, text: &str) -> Vec<String> {
    if path == "lib.rs" {
        return Vec::new();
    }
    let module = path.split(['/', '.']).next().unwrap_or(path);
    let Some((_, floor, pure)) = FLOORS.iter().find(|(name, _, _)| *name == module) else {
        return vec![format!("{path}: the module {module} has no floor")];
    };
    let code = without_tests(&blank(text));
    let mut faults = Vec::new();
    let mut fault = |at: usize, what: String| {
        let line = code.split_at(at).0.matches('\n').count() + 1;
        faults.push(format!("src/{path}:{line}: {what}"));
    };
    for root in ["crate::", "trainmon::"] {
        for at in words(&code, root) {
            let rest = code.split_at(at + root.len()).1;
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if name.is_empty() {
                fault(at, format!("a grouped import (`{root}{{`, `{root}*`): one `use {root}x` a line"));
            } else if let Some((_, above, _)) = FLOORS.iter().find(|(known, _, _)| *known == name)
                && above > floor
            {
                fault(at, format!("{module} (floor {floor}) reaches up to {name} (floor {above})"));
            }
        }
    }
    for at in words(&code, "super::super") {
        fault(at, "`super::super::` hides where it leads: name the path from `crate::`".to_owned());
    }
    if *pure {
        for (word, what) in IMPURE {
            for at in words(&code, word) {
                fault(at, format!("{module} is pure and uses {what} (`{word}`)"));
            }
        }
        for at in words(&code, "std::{") {
            fault(at, "a grouped `use std::{`: one `use std::x` a line".to_owned());
        }
    }
    faults
}

/// Where `word` stands by itself in `code`.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let ends_open = !word.ends_with(part);
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = code.split_at(*at).0.chars().next_back();
        let after = code.split_at(at + word.len()).1.chars().next();
        !before.is_some_and(part) && (ends_open || !after.is_some_and(part))
    })
}

/// `text` with comments, strings and character literals blanked out; lines stay where they are.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let Some(end) = literal(&chars, at).map(|end| end.min(chars.len())) else {
            out.push(chars[at]);
            at += 1;
            continue;
        };
        out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    out
}

/// Where the comment, string or character literal that begins at `at` ends; `None` when none begins there.
fn literal(chars: &[char], at: usize) -> Option<usize> {
    let is = |offset: usize, c: char| chars.get(at + offset) == Some(&c);
    let word_before = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if is(1, '/') => Some(find(chars, at, |rest| rest[0] == '\n')),
        '/' if is(1, '*') => {
            let mut depth = 0;
            let mut end = at;
            while end < chars.len() {
                match (chars[end], chars.get(end + 1)) {
                    ('/', Some('*')) => (depth, end) = (depth + 1, end + 2),
                    ('*', Some('/')) => (depth, end) = (depth - 1, end + 2),
                    _ => end += 1,
                }
                if depth == 0 {
                    break;
                }
            }
            Some(end)
        }
        '"' => Some(string(chars, at + 1)),
        'b' | 'c' if is(1, '"') && !word_before => Some(string(chars, at + 2)),
        'r' if !word_before || (at > 0 && matches!(chars[at - 1], 'b' | 'c')) => {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            if !is(1 + hashes, '"') {
                return None;
            }
            let close = |rest: &[char]| {
                rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|c| *c == '#')
            };
            Some(find(chars, at + 2 + hashes, close) + 1 + hashes)
        }
        // a character, not a lifetime
        '\'' if is(1, '\\') => Some(find(chars, at + 3, |rest| rest[0] == '\'') + 1),
        '\'' if is(2, '\'') => Some(at + 3),
        _ => None,
    }
}

fn string(chars: &[char], from: usize) -> usize {
    let mut at = from;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn find(chars: &[char], from: usize, is: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| is(&chars[*at..])).unwrap_or(chars.len())
}

/// `code` (blanked) without the items that stand under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(at) = out.find("#[cfg(test)]") {
        let rest = out.split_at(at).1;
        let end = match (rest.find('{'), rest.find(';')) {
            (Some(open), semicolon) if semicolon.is_none_or(|semicolon| open < semicolon) => {
                let mut depth = 0usize;
                rest.char_indices()
                    .skip_while(|(index, _)| *index < open)
                    .find_map(|(index, c)| {
                        match c {
                            '{' => depth += 1,
                            '}' => depth -= 1,
                            _ => {}
                        }
                        (depth == 0).then_some(index + 1)
                    })
                    .unwrap_or(rest.len())
            }
            (_, Some(semicolon)) => semicolon + 1,
            _ => rest.len(),
        };
        let kept: String = rest.split_at(end).0.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(at..at + end, &kept);
    }
    out
}

/// The checker itself, on sources made up to be wrong.
mod it_fails_on {
    use super::check;

    #[track_caller]
    fn faulty(path: &str, text: &str, part: &str) {
        let faults = check(path, text);
        assert!(faults.iter().any(|fault| fault.contains(part)), "{text:?} gave {faults:?}");
    }

    #[track_caller]
    fn clean(path: &str, text: &str) {
        assert_eq!(check(path, text), Vec::<String>::new(), "{text:?}");
    }

    #[test]
    fn an_import_that_goes_up() {
        faulty(
            "model/run.rs",
            "\nuse crate::store::Store;\n",
            "src/model/run.rs:2: model (floor 0) reaches up to store",
        );
        faulty("parse/mod.rs", "fn f() { crate::track::judge::judge(); }", "reaches up to track");
        faulty("ui/mod.rs", "pub(crate) use crate::runtime;", "reaches up to runtime");
        faulty("track/judge.rs", "use ::trainmon::app::State;", "reaches up to app");
        clean("store/mod.rs", "use crate::track::judge::judge;\nuse crate::model::run::Run;");
        clean("app/mod.rs", "use crate::report::status;");
        clean("model/x.rs", "use crate::clock_face::X; use my_crate::store::X;");
    }

    #[test]
    fn a_form_that_hides_where_it_leads() {
        faulty("cli/mod.rs", "use crate::{model::run::Run, clock};", "grouped import");
        faulty("cli/mod.rs", "use crate::*;", "grouped import");
        faulty("ui/a/b.rs", "use super::super::runtime::X;", "super::super");
        clean("ui/a/b.rs", "use super::x::Y;");
        faulty("app/x.rs", "use std::{fs, fmt};", "grouped `use std::{`");
    }

    #[test]
    fn the_world_in_a_pure_floor() {
        faulty("parse/x.rs", "use std::fs;\n", "file system");
        faulty("track/x.rs", "let t = std::time::Instant::now();", "a clock");
        faulty("app/x.rs", "use std::time::SystemTime;", "a clock");
        faulty("store/x.rs", "use std::thread::spawn;", "threads");
        faulty("ui/x.rs", "use crossterm::style::Color;", "a terminal");
        faulty("report/x.rs", "tokio::spawn(x);", "a runtime");
        faulty("model/x.rs", "use notify::Event;", "a watcher");
        faulty("report/x.rs", "let x = std::net::TcpStream::connect(y);", "network");
        clean("source/x.rs", "use std::fs;\nuse notify::Watcher;");
        clean("runtime/x.rs", "use std::thread;");
        clean("parse/x.rs", "let instantly = 1; fn notify_all() {} use std::fmt;");
    }

    #[test]
    fn nothing_that_is_only_said() {
        clean(
            "parse/x.rs",
            "/// Unlike std::fs, this is pure: crate::cli never sees it.\n//! std::thread\nfn f() {}",
        );
        clean("parse/x.rs", "/* std::fs /* nested */ tokio */ const A: &str = \"std::fs \\\" tokio\";");
        clean("parse/x.rs", "const A: &str = r#\"use std::fs; \" tokio\"#; const B: &[u8] = br\"std::io\";");
        clean("parse/x.rs", "fn f<'a>(x: &'a str) -> char { if x == \"a\" { '\"' } else { '\\'' } }");
        faulty("parse/x.rs", "const A: char = '\"'; use std::fs; const B: char = '\"';", "file system");
        faulty("parse/x.rs", "const A: &str = \"\\\\\"; use std::fs;", "file system");
    }

    #[test]
    fn nothing_in_tests_but_what_stands_behind_them() {
        clean("parse/x.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n    fn f() { { } }\n}\n");
        clean("parse/x.rs", "#[cfg(test)]\nuse std::fs;\n#[cfg(test)]\nmod tests;\n");
        faulty("parse/x.rs", "#[cfg(test)]\nmod tests { fn f() {} }\nuse std::fs;", "src/parse/x.rs:3: ");
        faulty("parse/x.rs", "#[cfg(test)]\nmod tests;\nuse std::fs;", "src/parse/x.rs:3: ");
    }

    #[test]
    fn a_module_without_a_floor() {
        faulty("extra/x.rs", "", "has no floor");
    }
}
