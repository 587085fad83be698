use super::*;

fn read(text: &str) -> LogFilter {
    parse(text).unwrap()
}

fn all() -> LogFilter {
    LogFilter::default()
}

fn text(pattern: &str) -> Term {
    Term::Text(pattern.to_owned())
}

#[test]
fn words_beside_one_another_are_one_pattern() {
    assert_eq!(read("loss is  nan"), all().and(text("loss is nan")));
    assert_eq!(read("  "), all());
    assert_eq!(read("loss: 0.5"), all().and(text("loss: 0.5")), "no condition is called loss");
}

#[test]
fn conditions_stand_beside_patterns() {
    assert_eq!(
        read("level>=warn cat:metrics,system !heartbeat loss is nan rank:0,3"),
        all()
            .and(Term::Least(Level::Warning))
            .and(Term::Category(vec![Category::Metrics, Category::System]))
            .and_not(text("heartbeat"))
            .and(text("loss is nan"))
            .and(Term::Rank(vec![0, 3]))
    );
    assert_eq!(read("!cat:debug"), all().and_not(Term::Category(vec![Category::Debug])));
    assert_eq!(
        read("event:training.* cid:1f2e file:stderr level:Error,info"),
        all()
            .and(Term::Event(vec!["training.*".to_owned()]))
            .and(Term::Correlation(vec!["1f2e".to_owned()]))
            .and(Term::File(vec!["stderr".to_owned()]))
            .and(Term::Level(vec![Level::Error, Level::Info]))
    );
}

#[test]
fn quotes_hold_a_pattern_together() {
    assert_eq!(read(r#""step: 3 " x"#), all().and(text("step: 3 ")).and(text("x")));
    assert_eq!(read(r#"!"two words" "level:x""#), all().and_not(text("two words")).and(text("level:x")));
    assert_eq!(read(r#""a \"b\" \d""#), all().and(text(r#"a "b" \d"#)));
    assert_eq!(read("!"), all().and(text("!")));
    assert_eq!(read(r#"say"x"#), all().and(text(r#"say"x"#)), "a quote within a word is part of it");
}

#[test]
fn times() {
    assert_eq!(when("1h30m"), Ok(When::Ago(5_400_000)));
    assert_eq!(when("14:05"), Ok(When::Clock(50_700_000)));
    assert_eq!(when("4:05:09"), Ok(When::Clock(14_709_000)));
    assert_eq!(when("1970-01-02"), Ok(When::Civil(86_400_000)));
    assert_eq!(when("1970-01-02T00:01Z"), Ok(When::Civil(86_460_000)));
    assert_eq!(when("1970-01-02 00:00:01"), Ok(When::Civil(86_401_000)));
    for bad in ["", "10", "25:00", "14:61", "yesterday", "2026-13-01", "m", "99999999999999999999d"] {
        assert!(when(bad).unwrap_err().contains("is no time"), "{bad}");
    }
}

#[test]
fn what_is_wrong_is_told_with_what_would_be_right() {
    for (bad, part) in [
        ("level>=loud", "no level is called `loud`: debug, info"),
        ("level:", "wanted is one of debug"),
        ("cat:foo", "no category is called `foo`: setup, progress"),
        ("rank:a", "a number is wanted"),
        ("event:", "wants the name of an event"),
        ("since:soon", "is no time"),
        ("a(", "unclosed group"),
        ("!a(", "unclosed group"),
        ("\"open", "is open"),
    ] {
        let said = parse(bad).unwrap_err();
        assert!(said.contains(part) && !said.contains('\n'), "{bad}: {said}");
    }
}
