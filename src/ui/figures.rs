//! Figures as text, as steady as they can be: the number of digits depends on the magnitude and not on the digits.

/// A metric in at most seven columns: `0.0345` `12.346` `81234.5` `1.3e-05`.
pub fn metric(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    match size {
        size if size < 0.001 => format!("{value:.1e}"),
        size if size < 10.0 => format!("{value:.4}"),
        size if size < 100.0 => format!("{value:.3}"),
        size if size < 1000.0 => format!("{value:.2}"),
        size if size < 10_000.0 => format!("{value:.1}"),
        size if size < 1e6 => format!("{value:.0}"),
        _ => format!("{value:.2e}"),
    }
}

/// A count, exact for as long as it fits into `room` columns, else in thousands (rounded down: nothing is done before it is).
pub fn count(value: f64, room: usize) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    let exact = if value.fract().abs() < 0.005 { format!("{value:.0}") } else { format!("{value:.1}") };
    if exact.len() <= room {
        return exact;
    }
    for (unit, factor) in [("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)] {
        let scaled = value / factor;
        if scaled.abs() < 1000.0 {
            let digits = if scaled.abs() < 10.0 { 100.0 } else { 10.0 };
            let cut = (scaled * digits).trunc() / digits;
            let text = if digits > 10.0 { format!("{cut:.2}{unit}") } else { format!("{cut:.1}{unit}") };
            return if text.len() <= room { text } else { format!("{:.0}{unit}", scaled.trunc()) };
        }
    }
    format!("{value:.1e}")
}

/// `640/4200`, or the first alone when there is no total.
pub fn part(value: Option<f64>, total: Option<f64>, room: usize) -> Option<String> {
    let value = value?;
    let Some(total) = total else { return Some(count(value, room)) };
    let exact = format!("{}/{}", count(value, 15), count(total, 15));
    Some(if exact.len() <= room {
        exact
    } else {
        let half = room.saturating_sub(1) / 2;
        format!("{}/{}", count(value, half), count(total, half))
    })
}

/// `12.4/s`, or `9.1 s/it` for what takes longer than a second.
pub fn rate(per_second: f64) -> Option<String> {
    if !per_second.is_finite() || per_second <= 0.0 {
        return None;
    }
    Some(match per_second {
        rate if rate >= 10_000.0 => format!("{}/s", count(rate, 5)),
        rate if rate >= 100.0 => format!("{rate:.0}/s"),
        rate if rate >= 1.0 => format!("{rate:.1}/s"),
        rate if rate >= 0.01 => format!("{:.1}s/it", 1.0 / rate),
        rate => format!("{:.0}s/it", 1.0 / rate),
    })
}

/// Percent, rounded down: 100 is shown when all is done and not before.
pub fn percent(value: f64) -> String {
    if value.is_finite() { format!("{:.0}%", value.clamp(0.0, 100.0).floor()) } else { "?".to_owned() }
}

/// `812 B` `81.2 kB` `1.4 GB`.
pub fn bytes(value: u64) -> String {
    let size = value as f64;
    match value {
        0..1000 => format!("{value} B"),
        1000..1_000_000 => format!("{:.1} kB", size / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", size / 1e6),
        _ => format!("{:.1} GB", size / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn figures() {
        let cases = [
            (0.0345, "0.0345"),
            (1.127, "1.1270"),
            (12.3456, "12.346"),
            (81_234.0, "81234"),
            (1.3e-5, "1.3e-5"),
            (0.0, "0"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
            (-0.5, "-0.5000"),
            (2.5e9, "2.50e9"),
        ];
        for (value, text) in cases {
            assert_eq!(metric(value), text);
        }
        assert_eq!(part(Some(640.0), Some(4200.0), 12).as_deref(), Some("640/4200"));
        assert_eq!(part(Some(1_234_567.0), Some(5_000_000.0), 12).as_deref(), Some("1.23M/5.00M"));
        assert_eq!(
            part(Some(999_999.0), Some(1_000_000.0), 11).as_deref(),
            Some("999k/1.00M"),
            "never rounded up"
        );
        assert_eq!(part(None, Some(3.0), 12), None);
        assert_eq!(part(Some(1.5), None, 7).as_deref(), Some("1.5"));
        assert_eq!(percent(99.99), "99%");
        assert_eq!(
            [rate(12.44), rate(0.11), rate(0.0), rate(81_234.0)].map(Option::unwrap_or_default),
            ["12.4/s", "9.1s/it", "", "81234/s"]
        );
        assert_eq!([bytes(812), bytes(81_234), bytes(1_400_000_000)], ["812 B", "81.2 kB", "1.4 GB"]);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_column(value in prop::num::f64::ANY, total in 0f64..1e15) {
            prop_assert!(metric(value).len() <= 9, "{}", metric(value));
            prop_assert!(part(Some(total * 0.3), Some(total), 12).unwrap().len() <= 12);
            prop_assert!(percent(value).len() <= 4);
            prop_assert!(rate(value).is_none_or(|text| text.len() <= 8 || !(1e-4..=1e15).contains(&value)));
        }
    }
}
