//! What the documents quote is what the sources say.
//!
//! A block that stands under `<!-- all of PATH -->` is that file, and one under `<!-- from PATH -->` a part of it.

use std::fs;
use std::path::Path;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The blocks of a document that quote: whether all of the file, its path, and the text.
fn quotes(document: &str) -> Vec<(bool, String, String)> {
    let mut found = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(mark) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let (all, path) = match (mark.strip_prefix("all of "), mark.strip_prefix("from ")) {
            (Some(path), _) => (true, path),
            (_, Some(path)) => (false, path),
            _ => panic!("an unknown mark: {line}"),
        };
        assert!(lines.next().is_some_and(|line| line.starts_with("```")), "no block under {line}");
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        found.push((all, path.to_owned(), block.join("\n") + "\n"));
    }
    found
}

#[track_caller]
fn holds(path: &str, least: usize) {
    let quotes = quotes(&file(path));
    assert!(quotes.len() >= least, "{path} quotes {} times", quotes.len());
    for (all, source, text) in quotes {
        let source_text = file(&source);
        let same = if all { source_text == text } else { source_text.contains(&text) };
        assert!(same, "{path} quotes of {source} what is not there (any more):\n{text}");
    }
}

#[test]
fn adding_a_format_shows_the_sources_as_they_are() {
    holds("docs/ADDING_A_FORMAT.md", 5);
}

#[test]
fn the_settings_that_are_shown_are_those_that_are_tested() {
    holds("docs/CONFIG.md", 1);
}

/// The lines of `text` that are commented out, as settings.
fn commented(text: &str, from: &str) -> String {
    let lines = text.lines().skip_while(|line| *line != from).filter_map(|line| line.strip_prefix("# "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_format_in_the_shipped_settings_is_right() {
    let home = tempfile::tempdir().expect("a folder");
    let config = home.path().join("config.toml");
    let text = commented(&file("assets/config.toml"), "# [[format]]");
    assert!(text.contains("[[format.sample]]"), "{text}");
    fs::write(&config, text).expect("a file");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_trainmon"))
        .env_clear()
        .env("HOME", home.path())
        .arg("--config")
        .arg(&config)
        .args(["status", "no such folder"])
        .current_dir(home.path())
        .output()
        .expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("no such folder") && !told.contains("config.toml"), "{told}");
}
