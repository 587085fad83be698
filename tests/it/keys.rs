//! `docs/KEYS.md` is made from the one table of keys; `TRAINMON_BLESS=1` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use trainmon::app::binding::Place;
use trainmon::app::binding::Screen;
use trainmon::app::binding::here;
use trainmon::app::binding::label;
use trainmon::app::logs;
use trainmon::app::logs::Mode;

const LOG: &str = "Log";

fn section(out: &mut String, title: &str, rows: impl Iterator<Item = (String, String)>) {
    let _ = write!(out, "\n## {title}\n\n| keys | |\n|---|---|\n");
    for (keys, what) in rows {
        let _ = writeln!(out, "| {} | {} |", keys.replace('|', "\\|"), what.replace('|', "\\|"));
    }
}

fn page() -> String {
    let mut out = "# Keys\n\nMade from the table in `src/app/binding.rs` and `src/app/logs/table.rs`, which also feeds the help (`?`) and the footer.\n".to_owned();
    for (title, place) in [
        ("Runs", Place::On(Screen::Runs)),
        ("One run", Place::On(Screen::Run)),
        ("While the crosshair stands", Place::Cross),
        (LOG, Place::On(Screen::Logs)),
        ("While a filter is typed", Place::Prompt),
        ("In the help", Place::Help),
    ] {
        let mode =
            |mode: Mode| mode.keys().iter().map(|(keys, what, _)| ((*keys).to_owned(), (*what).to_owned()));
        let own = mode(Mode::View).filter(|_| title == LOG);
        let shared = here(place).map(|binding| {
            let keys: Vec<String> = binding.keys.iter().map(|key| label(*key, false)).collect();
            (keys.join(" "), binding.what.to_owned())
        });
        section(&mut out, title, own.chain(shared));
        if title == LOG {
            for (title, other, _) in logs::TABLES.iter().filter(|(_, mode, _)| *mode != Mode::View) {
                section(&mut out, &format!("Log, {title}"), mode(*other));
            }
        }
    }
    out
}

#[test]
fn the_page_of_keys_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/KEYS.md");
    let page = page();
    if std::env::var_os("TRAINMON_BLESS").is_some() {
        std::fs::write(&path, &page).expect("docs/KEYS.md can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/KEYS.md is not what the table says: TRAINMON_BLESS=1 cargo test --test it keys"
    );
}
