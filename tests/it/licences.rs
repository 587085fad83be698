//! What trainmon is built from: licences and doubled crates as `deny.toml` has them, and a reason for each direct dependency.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

fn policy() -> toml::Table {
    toml::from_str(&file("deny.toml")).expect("deny.toml is TOML")
}

fn strings(value: &toml::Value) -> Vec<String> {
    value
        .as_array()
        .expect("an array")
        .iter()
        .map(|item| item.as_str().expect("a string").to_owned())
        .collect()
}

/// All packages that this machine builds, development ones included.
fn packages() -> Vec<Value> {
    let version = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo runs");
    let version = String::from_utf8(version.stdout).expect("UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

#[test]
fn every_licence_is_allowed() {
    let allowed = strings(&policy()["licenses"]["allow"]);
    let packages = packages();
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let mut faults = Vec::new();
    for package in &packages {
        let licence = package["license"].as_str().unwrap_or("none");
        if !permits(licence, &allowed) {
            faults.push(format!("{} {}: {licence}", package["name"], package["version"]));
        }
    }
    assert!(faults.is_empty(), "not allowed by deny.toml:\n{}", faults.join("\n"));
}

#[test]
fn every_doubled_crate_has_a_reason() {
    let policy = policy();
    let skipped: Vec<String> = policy["bans"]["skip"]
        .as_array()
        .expect("an array")
        .iter()
        .map(|skip| {
            assert!(
                skip["reason"].as_str().is_some_and(|reason| reason.len() > 20),
                "{skip:?} has no reason"
            );
            skip["crate"].as_str().expect("a crate").to_owned()
        })
        .collect();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages() {
        let text = |field: &str| package[field].as_str().expect(field).to_owned();
        versions.entry(text("name")).or_default().push(text("version"));
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let bare = versions.iter().filter(|version| {
            !skipped.iter().any(|skip| {
                skip.split_once('@').is_some_and(|(crate_name, prefix)| {
                    crate_name == name && (*version == prefix || version.starts_with(&format!("{prefix}.")))
                })
            })
        });
        assert!(
            bare.count() <= 1,
            "{name} is there in versions {versions:?}, and deny.toml does not say why"
        );
    }
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest: toml::Table = toml::from_str(&file("Cargo.toml")).expect("Cargo.toml is TOML");
    let reasons = file("docs/DEPENDENCIES.md");
    for table in ["dependencies", "dev-dependencies"] {
        for name in manifest[table].as_table().expect(table).keys() {
            let row = reasons.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
            let reason = row.and_then(|row| row.split('|').nth(2)).unwrap_or_default().trim();
            assert!(reason.len() > 10, "docs/DEPENDENCIES.md gives no reason for {name}");
        }
    }
    for row in reasons.lines().filter_map(|line| line.strip_prefix("| `")) {
        let name = row.split('`').next().unwrap_or_default();
        let known = ["dependencies", "dev-dependencies"]
            .iter()
            .any(|table| manifest[*table].as_table().is_some_and(|table| table.contains_key(name)));
        assert!(known, "docs/DEPENDENCIES.md speaks of {name}, which is no dependency");
    }
}

#[test]
fn both_licence_texts_are_there() {
    assert!(file("LICENSE-MIT").contains("Copyright (c) 2026 the trainmon authors"));
    let apache = file("LICENSE-APACHE");
    assert!(apache.contains("Version 2.0, January 2004") && apache.contains("END OF TERMS AND CONDITIONS"));
}

/// Whether an SPDX expression can be met with `allowed` alone. `A/B` is the old way to write `A OR B`.
fn permits(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().collect::<Vec<_>>().into_iter().peekable();
    let met = any(&mut words, allowed);
    met && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::vec::IntoIter<&'a str>>;

fn any(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all(words, allowed);
    }
    met
}

fn all(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let met = any(words, allowed);
        return words.next_if_eq(&")").is_some() && met;
    }
    let name = words.next().unwrap_or_default();
    let exception = words.next_if_eq(&"WITH").and_then(|_| words.next());
    // an exception only permits more, but it is named as a whole where it is allowed
    let whole = exception.map_or_else(|| name.to_owned(), |exception| format!("{name} WITH {exception}"));
    allowed.contains(&whole)
}

#[test]
fn expressions_are_understood() {
    let allowed: Vec<String> = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned).to_vec();
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
        ("MIT OR Apache-2.0 AND GPL-3.0", true),
        ("Apache-2.0 WITH LLVM-exception", false),
        ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ("none", false),
        ("MIT MIT", false),
        ("", false),
    ] {
        assert_eq!(permits(expression, &allowed), met, "{expression:?}");
    }
}
