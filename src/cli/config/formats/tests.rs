//! What the settings file says of formats, and what its author is told: to the letter.

use super::super::parse;

/// A format that is right; `{}` is where a test goes wrong.
const GOOD: &str = r#"color = 'never'

[[format]]
name = "mytrainer"
pattern = '^\[(?<time>[^\]]+)\] ep (?<epoch>\d+)/(?<epochs>\d+) it (?<step>\d+)/(?<steps>\d+) L=(?<loss>\S+) (?<name>\w+)=(?<value>\S+)'
epoch_base = 0
[[format.sample]]
line = '[12:00:01] ep 3/10 it 120/4000 L=0.53 acc=0.81'
expect = { epoch = 3, epochs = 10, step = 120, steps = 4000, loss = 0.53, acc = 0.81, time = "12:00:01" }
"#;

#[track_caller]
fn told(text: &str) -> String {
    parse(text).expect_err("something is wrong with it")
}

#[test]
fn a_format_with_a_sample_is_taken() {
    let config = parse(GOOD).expect("a format");
    let format = config.formats.iter().next().expect("a format");
    assert_eq!((&*format.name, format.patterns.len(), format.epoch_base), ("mytrainer", 1, Some(0)));
    let more = format!(
        "{GOOD}\n[[format]]\nname = 'mytrainer'\npatterns = ['^bye', '^ciao (?<pairs>.*)']\nmeans = 'completed'\n\
         [[format.sample]]\nline = 'bye'\n[[format.sample]]\nline = 'ciao a=1 b: 2'\nexpect = {{ a = 1, b = 2.0 }}\n"
    );
    assert_eq!(parse(&more).expect("two formats").formats.iter().count(), 2);
}

#[test]
fn what_was_read_and_what_was_expected() {
    let text = GOOD.replace("step = 120", "step = 121").replace(", loss = 0.53", ", lss = 0.53");
    assert_eq!(
        told(&text),
        "9: format `mytrainer`: its sample is read otherwise than expected\n    \
         [12:00:01] ep 3/10 it 120/4000 L=0.53 acc=0.81\n  \
         the pattern of line 5 reads epoch 3, epochs 10, step 120, steps 4000, loss 0.53, acc 0.81, time 12:00:01\n  \
         lss: expected 0.53, and nothing is called so; did you mean `loss`?\n  \
         step: expected 121, read 120"
    );
}

#[test]
fn why_nothing_was_read_under_a_name() {
    let sample = |pattern: &str, line: &str, expect: &str| {
        let text = format!(
            "[[format]]\nname = 'x'\npattern = '{pattern}'\n[[format.sample]]\nline = '{line}'\nexpect = {{ {expect} }}\n"
        );
        told(&text).lines().last().unwrap_or_default().to_owned()
    };
    for (pattern, line, expect, expected) in [
        (r"s(?<step>\S+)", "s1k2", "step = 1", "  step: expected 1, but `1k2` is no whole number"),
        (
            r"s(?<step>\d+)(?: l(?<loss>\S+))?",
            "s1",
            "loss = 1.5",
            "  loss: expected 1.5, but its group took no part in the match",
        ),
        (
            r"s(?<stp>\d+)",
            "s12",
            "step = 12",
            "  step: expected 12, and nothing is called so; did you mean `stp`?",
        ),
        (
            r"(?<L>\S+)",
            "0.5",
            "loss = 0.5",
            "  loss: expected 0.5, and nothing is called so; did you mean `L`?",
        ),
        (r"(?<L>\S+)", "0.5", "steps = 7", "  steps: expected 7, and the pattern has no group `steps`"),
        (r"(?<level>\S+)", "E", "level = 'warning'", "  level: expected `warning`, read `error`"),
        (
            r"(?<level>\S+)",
            "E",
            "level = 'loud'",
            "  level: `loud` is no level: debug, info, warning, error or critical",
        ),
        (
            r"(?<time>\S+)",
            "noon",
            "time = 'noon'",
            "  time: expected `noon`, but `noon` is no time that is understood",
        ),
        (r"(?<loss>\S+)", "0.5", "loss = '0.5'", "  loss: is a figure: write it without quotes"),
        (r"(?<message>.*)", "hm", "message = 1", "  message: is a text: write it in quotes"),
    ] {
        assert_eq!(sample(pattern, line, expect), expected, "{pattern}");
    }
}

#[test]
fn a_sample_that_does_not_match_is_pointed_at() {
    let text = GOOD.replace(" it (?<step>", " iter (?<step>");
    assert_eq!(
        told(&text),
        "8: format `mytrainer`: its pattern does not match its sample\n    \
         [12:00:01] ep 3/10 it 120/4000 L=0.53 acc=0.81\n                         \
         ^ up to here the pattern of line 5 fits, and then it wants `er `"
    );
    let text = GOOD.replace("line = '[", "line = '(");
    assert_eq!(
        told(&text),
        "8: format `mytrainer`: its pattern does not match its sample\n    \
         (12:00:01] ep 3/10 it 120/4000 L=0.53 acc=0.81\n  \
         not even the first part of its pattern is in it"
    );
}

#[test]
fn a_bad_pattern_is_pointed_at() {
    let text = GOOD.replace("(?<loss>\\S+)", "(?<loss>\\S+");
    let at =
        text.lines().nth(4).and_then(|line| line.split_once('\'')?.1.find("(?<loss>")).expect("the group");
    let pattern = text.lines().nth(4).and_then(|line| line.split('\'').nth(1)).expect("a pattern");
    assert_eq!(
        told(&text),
        format!(
            "5: format `mytrainer`: pattern: unclosed group\n    {pattern}\n    {}^ here",
            " ".repeat(at)
        )
    );
}

#[test]
fn everything_else_names_its_line_and_says_what_to_do() {
    let head = "[[format]]\nname = 'x'\n";
    let sample = "[[format.sample]]\nline = 'a 1'\nexpect = { a = 1 }\n";
    for (text, expected) in [
        ("format = 1".to_owned(), "1: format: must be a list of tables, each under a line `[[format]]`"),
        (
            "[format]\nname = 'x'".to_owned(),
            "1: format: must be a list of tables, each under a line `[[format]]`",
        ),
        ("\n[[format]]\npattern = '(?<a>x)'".to_owned(), "2: format: it has no `name`"),
        (
            "[[format]]\nname = \"a\\u001b[31m\"\npattern = 'x'".to_owned(),
            "2: format: name: must be 1 to 40 letters that can be shown",
        ),
        (format!("{head}patern = '(?<a>x)'"), "3: format: unknown key `patern`; did you mean `pattern`?"),
        (
            format!("{head}pattern = '(?<a>x)'\ncolour = 1"),
            "4: format: unknown key `colour`; known are name, pattern, patterns, pairs, epoch_base, step_base, split, means, sample",
        ),
        (head.to_owned(), "1: format `x`: it has no `pattern`"),
        (
            format!("{head}pattern = 'a'\npatterns = ['b']"),
            "4: format `x`: it has both `pattern` and `patterns`",
        ),
        (format!("{head}patterns = []"), "3: format `x`: patterns: must be a list of texts in quotes"),
        (format!("{head}patterns = [\n'(?<a>x)',\n1]"), "5: format `x`: pattern: must be a text in quotes"),
        (
            format!("{head}pattern = 'x'\n{sample}"),
            "3: format `x`: the pattern names no group, so that it reads nothing; name what it captures, such as (?<loss>\\S+), or tell by `means` what its lines say",
        ),
        (
            format!("{head}pattern = '(?<a>x)'\nmeans = 'done'"),
            "4: format `x`: means: must be one of \"completed\", \"early_stopped\", \"failed\", \"cancelled\", \"epoch_end\", \"summary\", \"nothing\"",
        ),
        (
            format!("{head}pattern = '(?<a>x)'\nmeans = 'epoch_end'"),
            "3: format `x`: means \"epoch_end\" needs a group `epoch` that says which epoch is over",
        ),
        (format!("{head}pattern = '(?<a>x)'\nepoch_base = 2"), "4: format `x`: epoch_base: must be 0 or 1"),
        (
            format!("{head}pattern = '(?<a>x)'\npairs = '(?<name>.)(?<value>.)'"),
            "4: format `x`: pairs: no pattern has a group `pairs`",
        ),
        (
            format!("{head}pattern = '(?<pairs>x)'\npairs = '(?<name>.)'"),
            "4: format `x`: pairs: it must have the groups `name` and `value`, and no other",
        ),
        (
            format!("{head}pattern = '(?<a>x)'\n[[format.sample]]\nexpect = {{}}"),
            "4: format `x`: a sample has no `line`",
        ),
        (
            format!("{head}pattern = '(?<a>x)'\n[[format.sample]]\nline = 'x'\nexpected = {{}}"),
            "6: format `x`: unknown key `expected`; did you mean `expect`?",
        ),
        (
            format!("{head}pattern = '(?<a>x)'\n[[format.sample]]\nline = \"x\\ny\""),
            "5: format `x`: line: must be one line of at most 4096 bytes, without escape sequences",
        ),
        (
            format!("{head}pattern = '(?<a>x)'\n[[format.sample]]\nline = 'x'\nexpect = {{ a = true }}"),
            "6: format `x`: expect: `a` must be a number or a text in quotes",
        ),
        (
            format!("{head}pattern = 'a (?<a>\\d)'\n[[format.sample]]\nline = 'a 1'"),
            "5: format `x`: the sample expects nothing; what is read of it is\n    expect = { a = 1 }",
        ),
        (
            format!("{head}patterns = [\n'a (?<a>\\d)',\n'b (?<b>\\d)',\n]\n{sample}"),
            "5: format `x`: no sample is read by this pattern; add one",
        ),
        (
            format!(
                "{head}pattern = '(?<b>\\d)'\n{}[[format]]\nname = 'y'\npattern = 'a (?<a>\\d)'\n{sample}",
                sample.replace("a =", "b =")
            ),
            "11: format `y`: its sample is taken by format `x`, which comes first; put this format before that one, or make the pattern of line 3 narrower",
        ),
    ] {
        assert_eq!(told(&text), expected, "{text}");
    }
    let bare = told(&format!("{head}pattern = '(?<a>x)'"));
    assert!(bare.starts_with("1: format `x`: it has no sample; add a line of the log"), "{bare}");
}
