//! Figures as they are printed: the table of `status` and the progress line of `follow` say the same of the same run.

/// A figure in about four digits.
pub(super) fn figure(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        1e-3..1.0 => format!("{value:.4}"),
        1.0..10.0 => format!("{value:.3}"),
        10.0..100.0 => format!("{value:.2}"),
        100.0..1000.0 => format!("{value:.1}"),
        1000.0..1e6 => format!("{value:.0}"),
        size if size.is_finite() => format!("{value:.2e}"),
        _ => format!("{value}"),
    }
}

/// A count: whole where it is.
pub(super) fn count(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// A length of time: `42s`, `8m41s`, `2h12m`, `3d4h`.
pub(super) fn span(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "casts saturate, and below zero is zero"
    )]
    let all = seconds.max(0.0) as u64;
    let (days, hours, minutes, seconds) = (all / 86_400, all / 3600 % 24, all / 60 % 60, all % 60);
    if days > 0 {
        format!("{days}d{hours}h")
    } else if hours > 0 {
        format!("{hours}h{minutes:02}m")
    } else if minutes > 0 {
        format!("{minutes}m{seconds:02}s")
    } else {
        format!("{seconds}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_about_four_digits() {
        for (value, shown) in [
            (0.0, "0"),
            (-0.0, "0"),
            (0.000_34, "3.40e-4"),
            (0.001, "0.0010"),
            (-0.0345, "-0.0345"),
            (1.0, "1.000"),
            (-12.345, "-12.35"),
            (123.46, "123.5"),
            (1000.0, "1000"),
            (81_234.5, "81234"),
            (1e6, "1.00e6"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(figure(value), shown);
        }
    }

    #[test]
    fn counts_are_whole_where_they_are() {
        assert_eq!([count(3.0), count(2.5), count(-1.0)], ["3", "2.50", "-1"]);
    }

    #[test]
    fn a_span_has_two_units() {
        let seconds = [-1.0, 42.9, 521.0, 7920.0, 273_600.0, f64::NAN];
        assert_eq!(seconds.map(span), ["0s", "42s", "8m41s", "2h12m", "3d4h", "0s"]);
    }
}
