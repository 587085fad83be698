use proptest::prelude::*;

use super::*;
use crate::model::facts::{Facts, Progress, RunError};
use crate::store::tests::{NOW, ago, metric, row};

fn subject() -> Row {
    let progress = Progress {
        percent: Some(41.5),
        completed_epochs: Some(3.0),
        step: Some(4920.0),
        rate: Some(5.1),
        eta: Some(600.0),
        ..Progress::default()
    };
    let error = RunError {
        type_name: "OutOfMemoryError".into(),
        message: "CUDA out of memory".into(),
        place: crate::model::facts::Place::default(),
        fatal: true,
    };
    let facts = Facts {
        progress,
        framework: Some("lightning"),
        metrics: vec![
            metric("loss", &[0.9, 0.05]),
            metric("val_loss", &[0.2, 0.3]),
            metric("lr", &[f64::NAN]),
        ],
        error: Some(error),
        ..Facts::default()
    };
    row("Sweep/LoRA-r16", State::Failed, Some(ago(3600)), facts)
}

fn matches(text: &str) -> bool {
    let row = subject();
    let picks = Picks::of(&row.run.facts);
    parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).matches(&row, &picks, NOW).0
}

#[test]
fn what_matches() {
    for text in [
        "",
        "  ",
        "lora",
        "LoRA",
        "sweep lora",
        "name:r16",
        "name=sweep/lora-r16",
        "name~r\\d+$",
        "state:failed",
        "state:f",
        "state:running,failed",
        "state!=running",
        "loss<0.1",
        "loss<=0.05",
        "loss=0.05",
        "val<0.21",
        "val_loss=0.3",
        "age<2d",
        "age>30m",
        "age=1h",
        "epoch>=3",
        "percent<50",
        "percent<50%",
        "step>4.9k",
        "rate>5",
        "eta<=10m",
        "lr=nan",
        "framework:light",
        "error:memory",
        "error~^cuda",
        "-state:running",
        "!bert",
        "bert OR lora",
        "bert | lora",
        "(bert OR lora) state:f",
        "-(bert OR gpt)",
        "\"LoRA-r16\"",
        "name:\"lora\"",
        "step<1M",
        "age<1.5d",
        "name~(bert|lora)",
        "(name~lor(a|b) bert) OR lora",
    ] {
        assert!(matches(text), "{text}");
    }
}

#[test]
fn what_does_not() {
    for text in [
        "bert",
        "LORA",
        "lora bert",
        "state:running",
        "-lora",
        "loss>0.1",
        "loss!=0.05",
        "loss=nan",
        "lr<1",
        "lr>1",
        "grad_norm<1e9",
        "-grad_norm<1e9 bert",
        "age>2d",
        "epoch>3",
        "bert OR gpt",
        "name=lora",
        "\"lora bert\"",
        "state:outdated",
        "name!~lora",
        "stage:training",
    ] {
        assert!(!matches(text), "{text}");
    }
    assert!(matches("-grad_norm<1e9"), "what is unknown is not below");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, at, what) in [
        ("lora loss<", 5, "number"),
        ("loss<abc", 0, "number"),
        ("state:", 0, "which state"),
        ("a state:zzz", 2, "which state"),
        ("state<failed", 0, "state"),
        ("colour:red", 0, "no field"),
        ("name~(", 0, "regular expression"),
        ("name~[", 0, "regular expression"),
        ("name:", 0, "text is missing"),
        ("name<3", 0, "compares figures"),
        ("age<soon", 0, "how long"),
        ("a \"b", 2, "quote"),
        ("a OR", 4, "missing"),
        ("OR a", 0, "missing"),
        ("(a", 0, "no )"),
        ("a)", 1, "no ("),
        ("age<9999999999w", 0, "how long"),
    ] {
        let error = parse(text).expect_err(text);
        assert!(error.at == at && error.what.contains(what), "{text}: {error:?}");
    }
}

#[test]
fn age_tells_when_it_changes_its_mind() {
    let row = subject();
    let picks = Picks::default();
    let filter = parse("age<2h OR nothing").unwrap();
    let (holds, until) = filter.matches(&row, &picks, NOW);
    assert_eq!((holds, until), (true, Some(ago(3600).plus(Duration::from_hours(2)))));
    let flip = until.unwrap();
    assert!(filter.matches(&row, &picks, Stamp::from_millis(flip.millis() - 1)).0);
    assert!(!filter.matches(&row, &picks, flip).0);
}

proptest! {
    #[test]
    fn whatever_is_typed_it_answers(text in "[a-z:<>=~!\"()| 0-9.%-]{0,24}", other in ".{0,16}") {
        for text in [text, other] {
            match parse(&text) {
                Ok(filter) => { filter.matches(&subject(), &Picks::default(), NOW); }
                Err(error) => prop_assert!(error.at <= text.len() && text.is_char_boundary(error.at)),
            }
        }
    }
}
