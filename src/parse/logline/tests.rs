use super::*;

/// `kind level text` of every row.
fn read(rows: &[&str]) -> Vec<String> {
    let mut reader = Reader::default();
    rows.iter()
        .map(|text| {
            let row = Row { offset: 0, text, redrawn: false, cut: 0 };
            let line = reader.read(&row);
            let kind = match line.kind {
                LineKind::Text => '.',
                LineKind::Continuation => '+',
                LineKind::Progress => '%',
            };
            let level = line.level.map_or('-', |level| format!("{level:?}").remove(0));
            format!("{kind}{level} {}", line.text.get(line.body..).unwrap())
        })
        .collect()
}

#[test]
fn a_tracebacks_rows_are_its_error() {
    let got = read(&[
        "2026-11-22 15:36:53,473 - trainer - INFO - started",
        "Traceback (most recent call last):",
        "  File \"t.py\", line 2, in f",
        "    raise KeyError",
        "KeyError: 'x'",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        "  File \"t.py\", line 4, in g",
        "RuntimeError: it broke:",
        "\tsize mismatch for w",
        "saved nothing",
        "  indented below a print",
    ]);
    let sorts: Vec<&str> = got.iter().map(|line| line.get(..2).unwrap()).collect();
    assert_eq!(
        sorts,
        [".I", ".E", "+E", "+E", "+E", "+E", "+E", "+E", "+E", "+E", "+E", "+E", ".-", "+-"],
        "{got:#?}"
    );
}

#[test]
fn indented_rows_go_on_with_the_message_above_and_bars_end_it() {
    let got = read(&[
        "2026-11-22 15:30:26 WARNING  a long message that goes",
        "                             on here",
        "Epoch 1:  50%|█████     | 1/2 [00:01<00:01,  1.00it/s]",
        "  below a bar",
    ]);
    assert_eq!(
        got,
        [
            ".W a long message that goes",
            "+W                              on here",
            "%- Epoch 1:  50%|█████     | 1/2 [00:01<00:01,  1.00it/s]",
            ".-   below a bar",
        ]
    );
}

#[test]
fn an_error_glued_behind_a_bar_is_an_error() {
    let got = read(&[
        "Epoch 1:  50%|█████     | 1/2 [00:01<00:01,  1.00it/s]Traceback (most recent call last):",
        "  File \"t.py\", line 2, in f",
        "ValueError: x",
    ]);
    assert!(got.iter().all(|line| line.as_bytes().get(1) == Some(&b'E')), "{got:#?}");
}

#[test]
fn what_is_left_for_the_rows_below_does_not_depend_on_the_rows_above() {
    let rows = ["  tail of something", "2026-11-22 15:36:53,473 - x - ERROR - broke", "  detail"];
    let left = |above: Above| {
        let mut reader = Reader::below(above);
        for text in rows {
            reader.read(&Row { offset: 0, text, redrawn: false, cut: 0 });
        }
        reader.left()
    };
    let other = Above { level: Some(Level::Debug), open: true, traceback: true, ..Above::default() };
    assert_eq!(left(Above::default()), left(other));
    let mut reader = Reader::below(other);
    reader.read(&Row { offset: 0, text: "   only a tail", redrawn: false, cut: 0 });
    assert_eq!(reader.left(), Above::default());
}

#[test]
fn json_rows_read_as_messages() {
    let got = read(&[r#"{"ts":"2026-01-05T10:00:01Z","level":"ERROR","msg":"it broke"}"#, "  detail"]);
    assert_eq!(got, [".E it broke", "+E   detail"]);
}
