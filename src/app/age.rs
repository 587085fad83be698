//! How long ago something was, in steps that grow with it.
//!
//! A screen whose ages all count seconds is never at rest. So an age is told as coarsely as it is useful, rounded down, and
//! the moment of its next change is known: an idle screen sleeps until then.

use std::time::Duration;

use crate::model::stamp::Stamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 86_400;

/// How exactly an age of so many seconds is told, in seconds.
const fn step(seconds: u64) -> u64 {
    match seconds {
        0..10 => 1,
        10..60 => 10,
        60..600 => MINUTE,
        600..3600 => 5 * MINUTE,
        3600..172_800 => HOUR,
        _ => DAY,
    }
}

/// The age in four columns at most: `7s` `20s` `5m` `35m` `14h` `3d`.
pub fn text(age: Duration) -> String {
    let seconds = age.as_secs();
    let told = seconds - seconds % step(seconds);
    match told {
        0..MINUTE => format!("{told}s"),
        MINUTE..HOUR => format!("{}m", told / MINUTE),
        HOUR..172_800 => format!("{}h", told / HOUR),
        _ => format!("{}d", told / DAY),
    }
}

/// Whether something that was written at `then` is being written: its age still counts single seconds.
pub fn is_live(then: Option<Stamp>, now: Stamp) -> bool {
    then.is_some_and(|then| step(now.since(then).as_secs()) == 1)
}

/// When the age of something at `then` is told otherwise than at `now`.
pub fn changes(then: Stamp, now: Stamp) -> Stamp {
    let seconds = now.since(then).as_secs();
    let step = step(seconds);
    then.plus(Duration::from_secs(seconds - seconds % step + step))
}

/// A span that a run tells, in two units: `8m41s` `4h12m` `2d03h`.
pub fn span(seconds: f64) -> Option<String> {
    if !(0.0..=1e10).contains(&seconds) {
        return None;
    }
    let whole = Duration::from_secs_f64(seconds).as_secs();
    Some(match whole {
        0..MINUTE => format!("{whole}s"),
        MINUTE..HOUR => format!("{}m{:02}s", whole / MINUTE, whole % MINUTE),
        HOUR..DAY => format!("{}h{:02}m", whole / HOUR, whole % HOUR / MINUTE),
        _ => format!("{}d{:02}h", whole / DAY, whole % DAY / HOUR),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ages_are_calm() {
        let of = |seconds| text(Duration::from_secs(seconds));
        assert_eq!([of(0), of(9), of(19), of(59), of(60)], ["0s", "9s", "10s", "50s", "1m"]);
        assert_eq!([of(599), of(600), of(899), of(3599)], ["9m", "10m", "10m", "55m"]);
        assert_eq!(
            [of(3600), of(7199), of(172_799), of(172_800), of(864_000)],
            ["1h", "1h", "47h", "2d", "10d"]
        );
    }

    #[test]
    fn spans_have_two_units() {
        let of = |seconds| span(seconds).unwrap_or_default();
        assert_eq!(
            [of(0.4), of(59.9), of(521.0), of(15_120.0), of(183_600.0)],
            ["0s", "59s", "8m41s", "4h12m", "2d03h"]
        );
        assert_eq!([span(f64::NAN), span(-1.0), span(f64::INFINITY)], [None, None, None]);
    }

    proptest! {
        #[test]
        fn the_text_stands_until_it_is_said_to_change(age in 0u64..500_000_000, later in 0u64..200_000_000) {
            let then = Stamp::from_millis(1_000_000);
            let now = then.plus(Duration::from_millis(age));
            let change = changes(then, now);
            prop_assert!(change > now);
            prop_assert_ne!(text(change.since(then)), text(now.since(then)));
            let between = now.plus(Duration::from_millis(later));
            if between < change {
                prop_assert_eq!(text(between.since(then)), text(now.since(then)));
            }
        }
    }
}
