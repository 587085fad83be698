#![expect(clippy::string_slice, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

/// Lines printed by tqdm 4.70 itself, with what it was given: line, label, n, total, elapsed, remaining, rate, unit, figures.
const METERS: &str = include_str!("../../../tests/corpus/tqdm-meters.tsv");

fn bar(text: &str) -> Bar<'_> {
    tqdm(text).unwrap_or_else(|| panic!("a bar: {text}")).bar
}

fn values<'a>(bar: &'a Bar<'_>) -> Vec<(&'a str, f64)> {
    bar.values.iter().map(|pair| (pair.name, pair.value)).collect()
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn near(got: Option<f64>, expected: Option<f64>, relative: f64, absolute: f64) -> bool {
    match (got, expected) {
        (Some(got), Some(expected)) => (got - expected).abs() <= absolute + relative * expected.abs(),
        (None, None) => true,
        _ => false,
    }
}

#[test]
fn what_tqdm_prints_is_read_back() {
    for row in METERS.lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        let line = cells[0];
        let json: Vec<serde_json::Value> =
            cells[1..].iter().map(|cell| serde_json::from_str(cell).unwrap()).collect();
        let number = |at: usize| json[at].as_f64();
        let found = tqdm(line).unwrap_or_else(|| panic!("a bar: {line}"));
        let bar = &found.bar;
        assert_eq!((found.before, found.after), ("", ""), "{line}");
        assert_eq!(Some(bar.label), json[0].as_str(), "{line}");
        assert!(near(Some(bar.current), number(1), 0.006, 0.0), "{line}: {bar:?}");
        assert!(near(bar.total, number(2), 0.006, 0.0), "{line}: {bar:?}");
        assert!(near(bar.elapsed, number(3), 0.0, 1.0), "{line}: {bar:?}");
        assert!(near(bar.remaining, number(4), 0.0, 1.0), "{line}: {bar:?}");
        // tqdm prints two decimals, of the reciprocal when it is slow
        assert!(near(bar.rate, number(5), 0.006, 0.006), "{line}: {bar:?}");
        assert_eq!(Some(bar.unit), json[6].as_str(), "{line}");
        let expected: Vec<(&str, f64)> = json[7]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| {
                (
                    pair[0].as_str().unwrap(),
                    pair[1].as_f64().unwrap_or_else(|| pair[1].as_str().unwrap().parse().unwrap()),
                )
            })
            .collect();
        let got = values(bar);
        assert!(
            got.len() == expected.len()
                && got.iter().zip(&expected).all(|(a, b)| a.0 == b.0 && same(a.1, b.1)),
            "{line}: {got:?}"
        );
    }
}

/// What a cut-off line says must be part of what the whole one says.
fn agrees(part: &Bar<'_>, whole: &Bar<'_>) -> bool {
    let known = |part: Option<f64>, whole: Option<f64>| {
        part.is_none_or(|part| whole.is_some_and(|whole| same(part, whole)))
    };
    part.label == whole.label
        && same(part.current, whole.current)
        && known(part.total, whole.total)
        && known(part.rate, whole.rate)
        && known(part.elapsed, whole.elapsed)
        && known(part.remaining, whole.remaining)
        && part.values.len() <= whole.values.len()
        && part.values.iter().zip(&whole.values).all(|(a, b)| a.name == b.name && same(a.value, b.value))
}

#[test]
fn a_line_cut_off_anywhere_tells_nothing_false() {
    for row in METERS.lines() {
        let line = row.split('\t').next().unwrap();
        let whole = bar(line);
        for (end, _) in line.char_indices() {
            if let Some(found) = tqdm(&line[..end]) {
                assert!(agrees(&found.bar, &whole), "{}\n{:?}\n{whole:?}", &line[..end], found.bar);
            }
        }
    }
}

/// What the reader of all layouts makes of a line whose blocks begin behind the first `%|`.
fn without_haste(line: &str) -> Option<Bar<'_>> {
    let pipe = line.find("%|")? + 1;
    let stop = pipe + 1 + line[pipe + 1..].find('|')?;
    let percent_at = number_before(line.as_bytes(), pipe - 1)?;
    let (_, label) = label::split(&line[..percent_at]);
    let counts = counts(line, skip_blanks(line.as_bytes(), stop + 1))?;
    let open = skip_blanks(line.as_bytes(), counts.end);
    let mut bar = blank();
    begin(&mut bar, label, counts.current, counts.total);
    bracket::read(line, bracket::open(line.as_bytes(), open + 1)?, counts.scaled, &mut bar);
    Some(bar)
}

/// Whether the quick reader took the line, having compared what both make of it.
fn is_quick(line: &str) -> bool {
    let quickly = |line: &str| {
        let pipe = line.find("%|")? + 1;
        let at = pipe + 1 + line[pipe + 1..].find('|')? + 2;
        quick::read(line, at, &mut blank())
    };
    if quickly(line).is_none() {
        return false;
    }
    let (quick, slow) = (bar(line), without_haste(line).unwrap());
    assert!(
        agrees(&quick, &slow) && agrees(&slow, &quick) && quick.unit == slow.unit,
        "{line}\n{quick:?}\n{slow:?}"
    );
    true
}

#[test]
fn both_readers_agree() {
    let quick = METERS.lines().filter(|row| is_quick(row.split('\t').next().unwrap())).count();
    assert!(quick > 25, "{quick}");
    for line in [
        " 1%|█ | 4/16 [00:00<12:34:56, 31.92batch/s, loss=1.19, lr=0.00298]",
        " 1%|█ | 4/16 [1:02:03<00:01,  0.50s/it, a/b.c@d-e=12]x",
        " 1%|█ | 4000000/9999999 [00:00<9:59:59, 1.00row/s]",
    ] {
        assert!(is_quick(line), "{line}");
    }
}

#[test]
fn a_bar_in_full() {
    let bar = bar("Epoch 1/5:  25%|██▌       | 4/16 [00:00<00:01, 31.92batch/s, loss=1.19, lr=0.00298]");
    assert_eq!((bar.label, bar.current, bar.total), ("Epoch 1/5", 4.0, Some(16.0)));
    assert_eq!((bar.rate, bar.unit), (Some(31.92), "batch"));
    assert_eq!((bar.elapsed, bar.remaining), (Some(0.0), Some(1.0)));
    assert_eq!(bar.style, BarStyle::Tqdm);
    assert_eq!(values(&bar), [("loss", 1.19), ("lr", 0.00298)]);
}

#[test]
fn times_and_slow_rates() {
    for (times, elapsed, remaining) in [
        ("00:00<?", Some(0.0), None),
        ("03:04<03:45", Some(184.0), Some(225.0)),
        ("1:23:45<24:50", Some(5025.0), Some(1490.0)),
        ("77:00:01<15:24:00", Some(277_201.0), Some(55_440.0)),
        ("1 day, 2:03:04<2 days, 12:00:00", Some(93_784.0), Some(216_000.0)),
        ("1d 02:03:04<3d 00:00:01", Some(93_784.0), Some(259_201.0)),
        ("-00:05<00:10", None, Some(10.0)),
        ("00:05", Some(5.0), None),
    ] {
        let text = format!("t:  45%|████▌     | 9/20 [{times}, 20.50s/it, loss=0.5]");
        let bar = bar(&text);
        assert_eq!((bar.elapsed, bar.remaining), (elapsed, remaining), "{times}");
        assert_eq!((bar.rate, bar.unit), (Some(1.0 / 20.5), "it"), "{times}");
        assert_eq!(values(&bar), [("loss", 0.5)], "{times}");
    }
}

#[test]
fn scales_and_units() {
    for (text, current, total, rate, unit) in [
        ("m:  33%|###3      | 1.00G/3.00G [00:00<00:00, 8.92GB/s]", 1e9, Some(3e9), Some(8.92e9), "B"),
        (
            "t:   4%|0o   | 2.05k/49.2k [00:00<00:00, 734ktok/s]",
            2050.0,
            Some(49200.0),
            Some(734_000.0),
            "tok",
        ),
        ("t:  50%|█████     | 9/18 [00:00<00:00, 1.23key/s]", 9.0, Some(18.0), Some(1.23), "key"),
        ("t:  45%|████▌     | 180/400 [00:00<00:00, 1.23kit/s]", 180.0, Some(400.0), Some(1230.0), "it"),
        ("t:  45%|████▌     | 180/400 [00:00<00:00, 1.23Trial/s]", 180.0, Some(400.0), Some(1.23), "Trial"),
        (
            "t:  66%|██████▌   | 5879/8939 [00:00<00:00, 58571.65 examples/s]",
            5879.0,
            Some(8939.0),
            Some(58571.65),
            "examples",
        ),
        ("3Epoch [00:02,  1.50Epoch/s]", 3.0, None, Some(1.5), "Epoch"),
        ("1.23kit [00:02, 615it/s]", 1230.0, None, Some(615.0), "it"),
        ("5.00MB [00:04, 1.25MB/s]", 5e6, None, Some(1.25e6), "B"),
        ("1000 examples [00:00, 5000.00 examples/s]", 1000.0, None, Some(5000.0), "examples"),
        ("bad: 7it [00:03,  2.33it/s]", 7.0, None, Some(2.33), "it"),
        ("0it [00:00, ?it/s]", 0.0, None, None, "it"),
        (
            "steps: 100%|██████████| 20/20 [00:00<00:00, 200000068.72it/s]",
            20.0,
            Some(20.0),
            Some(200_000_068.72),
            "it",
        ),
    ] {
        let bar = bar(text);
        assert_eq!((bar.current, bar.total, bar.rate, bar.unit), (current, total, rate, unit), "{text}");
    }
}

#[test]
fn layouts_of_their_own() {
    let bar_of = |text| {
        let bar = bar(text);
        (bar.label.to_owned(), bar.current, bar.total, values(&bar).iter().map(|v| v.1).collect::<Vec<_>>())
    };
    assert_eq!(
        bar_of("Training: |          | 0/? [00:00<?, ?it/s]"),
        ("Training".to_owned(), 0.0, None, vec![])
    );
    assert_eq!(
        bar_of("steps:  45% 9/20 [03:04<03:45, 20.50s/it, a=1]"),
        ("steps".to_owned(), 9.0, Some(20.0), vec![1.0])
    );
    assert_eq!(
        bar_of("Epoch [1/4]: [2/30]   7%|▋         , batch_loss=0.783, acc=0.5 [00:00<00:01]"),
        ("Epoch [1/4]".to_owned(), 2.0, Some(30.0), vec![0.783, 0.5])
    );
    assert_eq!(bar_of("[1/30]   3%|▎          [00:00<?]"), (String::new(), 1.0, Some(30.0), vec![]));
    assert_eq!(bar_of("Train[1/30]   3%|██▋     [00:00<?]"), ("Train".to_owned(), 1.0, Some(30.0), vec![]));
    assert_eq!(bar_of("  45%|████▌     | 9/20"), (String::new(), 9.0, Some(20.0), vec![]));
    assert_eq!(bar_of("x 45.5%|| 91/200 [00:01]"), ("x".to_owned(), 91.0, Some(200.0), vec![]));
    assert_eq!(bar_of("x 9/20 [00:01<00:02, loss=3]"), ("x".to_owned(), 9.0, Some(20.0), vec![3.0]));
    assert_eq!(bar_of("a|b:  45%|#### | 9/20 [00:01<00:02]"), ("a|b".to_owned(), 9.0, Some(20.0), vec![]));
}

#[test]
fn figures() {
    let of = |postfix: &str| {
        let text = format!("  5%|▌         | 1/20 [00:00<00:01, 15.67it/s, {postfix}]");
        values(&bar(&text)).into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>()
    };
    let is = |postfix, expected: &[(&str, f64)]| {
        let got = of(postfix);
        let got: Vec<(&str, f64)> = got.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(got, expected, "{postfix}");
    };
    is("loss=1.19, lr=1e-5, val_acc=68.0%", &[("loss", 1.19), ("lr", 1e-5), ("val_acc", 68.0)]);
    is("Average key norm=0.31, Keys Scaled=3", &[("Average key norm", 0.31), ("Keys Scaled", 3.0)]);
    is("loß=0.487, val/acc@1=0.5", &[("loß", 0.487), ("val/acc@1", 0.5)]);
    is("best loss: 6.47", &[("best loss", 6.47)]);
    is("best loss=?", &[]);
    is("7 steps of size 3.08e-02. acc. prob=0.72", &[("acc. prob", 0.72)]);
    is(
        "init loss: 412.7840, avg. loss [761-800]: 28.8713",
        &[("init loss", 412.784), ("avg. loss", 28.8713)],
    );
    is("loss=0.5 acc=0.8 lr=0.1", &[("loss", 0.5), ("acc", 0.8), ("lr", 0.1)]);
    is("loss=0.5 (0.6), time=12 min", &[("loss", 0.5), ("time", 12.0)]);
    is("lr=[0.1, 0.2], {'a': 0.5, 'b': 1}", &[("a", 0.5), ("b", 1.0)]);
    is("mem=10.2G, v=1.2.3, t=12:30, n=1,234, d=cuda:0, p=model.embed", &[]);
    is("loss=inf, x=-inf", &[("loss", f64::INFINITY), ("x", f64::NEG_INFINITY)]);
    assert!(of("loss=nan")[0].1.is_nan());
}

#[test]
fn what_is_glued_behind() {
    let found =
        tqdm(" 67%|██████▋   | 60/90 [00:07<00:03,  9.62it/s]{'loss': '3.364', 'epoch': '1.333'}").unwrap();
    assert_eq!(found.after, "{'loss': '3.364', 'epoch': '1.333'}");
    let found = tqdm("steps:   3%|▎         | 8/240 [00:00<00:07, 32.05it/s, avr_loss=0.51]   ").unwrap();
    assert_eq!((values(&found.bar), found.after), (vec![("avr_loss", 0.51)], ""));
    let mut rest = "CR::a:  25%|██▌| 1/4 [00:00<00:00, 38.59it/s]CR::b:  50%|█████| 2/4 [00:00<00:00, 38.59it/s]3it [00:01, 3.0it/s]";
    let mut seen = Vec::new();
    while let Some(found) = tqdm(rest) {
        seen.push((found.bar.label, found.bar.current));
        rest = found.after;
    }
    assert_eq!(seen, [("CR::a", 1.0), ("CR::b", 2.0), ("", 3.0)]);
    let found =
        tqdm("2026-11-22 15:30:26 INFO     steps:  45%|████▌     | 9/20 [03:04<03:45, 20.50s/it]").unwrap();
    assert_eq!((found.before, found.bar.label), ("2026-11-22 15:30:26 INFO     ", "steps"));
}

#[test]
fn cut_off_by_a_narrow_terminal() {
    let found = tqdm("Epoch 0: 100%|█| 4/4 [00:00<00:00, 44.31it/s, loss=0.12500, v_num=0, val/loss=0.60000, train/loss=0.").unwrap();
    assert_eq!(values(&found.bar), [("loss", 0.125), ("v_num", 0.0), ("val/loss", 0.6)]);
    assert_eq!((found.bar.current, found.bar.total, found.bar.rate), (4.0, Some(4.0), Some(44.31)));
    let bar = bar("steps:  45%|████▌     | 180/40");
    assert_eq!((bar.current, bar.total), (180.0, None));
}

#[test]
fn what_is_no_bar() {
    for text in [
        "",
        "1/10: ./darknet(main+0x1) [0x7f3c]",
        "[CV 1/4] END ....................C=1;, score=0.917 total time=   0.0s",
        "| metric | train      | val      | best     | epoch   |",
        "| acc    | 45%| 0.91 | 9/20 |",
        "+--------+------------+",
        "GPU at 50%| busy",
        "we are 50%|done| with it",
        "50%|",
        "%|",
        "100%",
        "step 4/48 loss 10.19671",
        "Epoch: [0][0/16]  eta: 0:00:16  lr: 0.003000  loss: 1.1635 (1.1403)",
        "[00:00, ?it/s]",
        "done in 12s [00:12, ok]",
        "epoch 3 [00:02, 1.5it/s]",
        "array [1, 2, 3]",
        "at 12:30 [12:30:15, note]",
        "100%|██████████| in no time",
    ] {
        assert_eq!(tqdm(text), None, "{text}");
    }
}

const LOGS: [&str; 6] = [
    include_str!("../../../tests/corpus/tqdm-nested-leave-false.log"),
    include_str!("../../../tests/corpus/kohya-lora-steps.log"),
    include_str!("../../../tests/corpus/torch-ddp-two-ranks-tty.log"),
    include_str!("../../../tests/corpus/hf-trainer-nan-tty.log"),
    include_str!("../../../tests/corpus/ignite-progressbar.log"),
    include_str!("../../../tests/corpus/lightning-rich-bar-tty.log"),
];

#[test]
fn recorded_bars_are_all_read() {
    let mut bars = 0;
    for log in LOGS {
        for segment in log.split(['\r', '\n']).filter(|segment| segment.contains("%|")) {
            let found = tqdm(segment).unwrap_or_else(|| panic!("a bar: {segment:?}"));
            assert!(found.bar.total.is_some_and(|total| found.bar.current <= total), "{segment}");
            assert!(found.bar.elapsed.is_some(), "{segment}");
            bars += 1;
        }
    }
    assert!(bars > 500, "{bars}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn never_panics(text in "([0-9]{1,3}%\\|[█ #]{0,4}|\\| ?|[0-9]{1,4}[kMG]?/[0-9?]{0,4}|it| \\[|[0-9]{2}:[0-9]{2}|<|, |[a-z]{1,4}=|[0-9.e-]{1,5}|/s|s/|\\]|[é中 ]|days?){0,24}") {
        let mut rest = text.as_str();
        while let Some(found) = tqdm(rest) {
            prop_assert!(!has_none(rest));
            prop_assert!(found.after.len() < rest.len());
            rest = found.after;
        }
    }

    #[test]
    fn both_readers_agree_on_whatever_the_quick_one_takes(tail in "[0-9]{1,9}/[0-9]{1,9} \\[[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?<[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?, {1,3}[0-9]{1,4}\\.[0-9]{1,3}(it/s|s/it|kB/s|s/s|x/y/s|Epoch/s)(, [a-z/é]{1,9}=-?[0-9]{1,9}(\\.[0-9]{1,9})?(e-05|%|x)?){0,3}\\]") {
        is_quick(&format!(" 5%|▌ | {tail}"));
    }

    #[test]
    fn any_counts_and_figures_are_read(n in 0u32..100_000, total in 1u32..100_000, label in "[a-z]{0,8}", loss in -1e6f64..1e6, rate in 1.0f64..1e6) {
        let text = format!("{label}: {:3}%|███       | {n}/{total} [01:02<03:04, {rate:5.2}it/s, loss={loss:?}]", u64::from(n) * 100 / u64::from(total));
        is_quick(&text);
        let bar = bar(&text);
        prop_assert_eq!((bar.label, bar.current, bar.total), (label.as_str(), f64::from(n), Some(f64::from(total))));
        prop_assert_eq!(values(&bar), vec![("loss", loss)]);
        prop_assert_eq!(bar.rate, Some(format!("{rate:.2}").parse().unwrap()));
    }
}
