use proptest::prelude::*;

use super::super::split::tests::terminal_bytes;
use super::*;

#[test]
fn figures_beyond_all_bounds() {
    for text in [
        "5%|#|1e999/1e999 [00:01<00:02]",
        "1e999it [00:01, 3it/s]",
        "5%|#|1/2 [00:01<00:02, 0it/s]",
        "5%|#|1/2 [00:01<00:02, 0s/it]",
    ] {
        assert_eq!(bars(text.as_bytes()), Ok(()), "{text}");
    }
}

#[test]
fn chunks_are_the_bytes_in_pieces() {
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let pieces: Vec<&[u8]> = chunks(&bytes).collect();
    assert_eq!(pieces.concat(), bytes);
    let of = |count: fn(usize) -> bool| pieces.iter().filter(|piece| count(piece.len())).count();
    assert!(of(|count| count == 1) > 20 && of(|count| count > 50) > 20, "{}", pieces.len());
    assert_eq!(chunks(b"").count(), 0);
}

type Check = fn(&[u8]) -> Result<(), Broken>;

/// All that takes bytes of files.
const ALL: [(&str, Check); 13] = [
    ("redacted", redacted),
    ("splitter", splitter),
    ("bars", bars),
    ("replays", replays),
    ("shown", shown),
    ("text log", text_log),
    ("JSON lines", json_lines),
    ("tables", tables),
    ("documents", documents),
    ("events", events),
    ("python", python),
    ("times", times),
    ("weights", weights),
];

/// Pieces that each format is made of.
fn words() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        5 => prop::sample::select(vec![
            "{\"", "\":", "\"", ",\"step\":1", "\"loss\":0.5", "}\n", "NaN", "{'", "': ", "[", "]}", "epoch", ",", ";", "\t", "\n", "\r",
            "2026-01-05T10:00:00Z", "10:00:01", "INFO", "ERROR", "loss", "=", ": ", " 45%|███| 9/20 [00:01<00:02, 3it/s]", "1/3", "step,loss\n",
            "Traceback (most recent call last):\n", "\\u001b", "\\", "epoch_base", "1767600000000 ",
        ]).prop_map(|s| s.as_bytes().to_vec()),
        2 => "[ -~]{0,9}".prop_map(String::into_bytes),
        2 => "-?[0-9]{1,20}(\\.[0-9]{0,9})?(e[0-9]{1,3})?".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn hold_for_what_terminals_are_sent(bytes in terminal_bytes()) {
        for (name, check) in ALL {
            prop_assert_eq!(check(&bytes), Ok(()), "{}", name);
        }
    }

    #[test]
    fn hold_for_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for (name, check) in ALL {
            prop_assert_eq!(check(&bytes), Ok(()), "{}", name);
        }
    }

    #[test]
    fn hold_for_what_files_are_made_of(bytes in words()) {
        for (name, check) in ALL {
            prop_assert_eq!(check(&bytes), Ok(()), "{}", name);
        }
    }

    #[test]
    fn hold_for_bars(text in "([0-9]{1,3}%\\|[█ #]{0,4}|\\| ?|[0-9]{1,9}[kMG]?/[0-9?]{0,9}|it| \\[|[0-9]{2}:[0-9]{2}|<|, |[a-z]{1,4}=|[0-9.e-]{1,5}|/s|s/|\\]|[é中 ]|days?|1e999){0,24}") {
        prop_assert_eq!(bars(text.as_bytes()), Ok(()));
    }
}
