//! Histories against a plain list of their points.

use proptest::prelude::*;

use super::*;

/// A history of `values`, one step after the other.
fn series(values: &[f64]) -> Series {
    let mut series = Series::default();
    for (x, y) in values.iter().enumerate() {
        assert!(series.push(x as f64, *y));
    }
    series
}

fn points(series: &Series) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    series.each(|point| points.push((point.x, point.y)));
    points
}

/// What a view shows, said plainly: each column with its points, in order, columns again for further passes.
fn plainly(points: &[Point], view: &View) -> Vec<(Column, bool, Vec<Point>)> {
    let mut shown: Vec<(Column, bool, Vec<Point>)> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for (at, point) in points.iter().enumerate() {
        let place = match view.over {
            Over::X => point.x,
            Over::Time => point.time,
            Over::Order => at as f64,
        };
        if place.is_nan() {
            continue;
        }
        let (column, anew) = (view.column(place), place < last);
        last = place;
        match shown.last_mut().filter(|(open, ..)| *open == column) {
            Some((Column::At(_), _, points)) => points.push(*point),
            Some((Column::Before, _, points)) => *points = vec![*point],
            Some((Column::Behind, ..)) => {}
            None => shown.push((column, anew, vec![*point])),
        }
    }
    shown
}

fn figure() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-20_000i32..20_000).prop_map(|whole| f64::from(whole) / 1000.0),
        1 => -1e6f64..1e6,
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0)],
    ]
}

/// Points of a run: one or more passes over steps, with times or without.
fn history() -> impl Strategy<Value = Vec<Point>> {
    let pass = (0u32..300, 1u32..20, prop::collection::vec(figure(), 1..700));
    prop::collection::vec(pass, 1..4)
        .prop_flat_map(|passes| {
            let count: usize = passes.iter().map(|(.., values)| values.len()).sum();
            (
                Just(passes),
                prop::collection::vec(prop::option::weighted(0.9, 0u32..900), count..=count),
                any::<bool>(),
            )
        })
        .prop_map(|(passes, times, timed)| {
            let mut points: Vec<Point> = Vec::new();
            let mut now = 1.7e12;
            for (from, stride, values) in passes {
                for (at, y) in values.into_iter().enumerate() {
                    let gone = times.get(points.len()).copied().flatten();
                    now += f64::from(gone.unwrap_or(7));
                    let time = if timed && gone.is_some() { now } else { f64::NAN };
                    points.push(Point { x: f64::from(from) + at as f64 * f64::from(stride), y, time });
                }
            }
            points.dedup_by(|after, before| after.x.to_bits() == before.x.to_bits());
            points
        })
}

fn of(points: &[Point]) -> Series {
    let mut series = Series::default();
    for point in points {
        assert!(series.take(*point));
    }
    series
}

/// Zeros of either sign are the same height.
fn same(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits() || one - other == 0.0
}

fn low(points: &[Point]) -> f64 {
    points.iter().map(|p| p.y).filter(|y| y.is_finite()).fold(f64::NAN, f64::min)
}

fn high(points: &[Point]) -> f64 {
    points.iter().map(|p| p.y).filter(|y| y.is_finite()).fold(f64::NAN, f64::max)
}

proptest! {
    #[test]
    fn each_point_is_kept_as_it_was_logged(points in history()) {
        let series = of(&points);
        let mut kept = Vec::new();
        series.each(|point| kept.push(point));
        let bits = |points: &[Point]| -> Vec<_> {
            points.iter().map(|p| (p.x.to_bits(), p.y.to_bits(), p.time.to_bits())).collect()
        };
        prop_assert_eq!(bits(&kept), bits(&points));
        prop_assert_eq!(series.len(), points.len());
    }

    #[test]
    fn a_column_covers_the_true_lowest_and_highest_of_its_points(
        points in history(),
        over in prop_oneof![Just(Over::X), Just(Over::Time), Just(Over::Order)],
        window in (0.0f64..1.0, 0.0f64..1.0),
        columns in 1u16..300,
    ) {
        let series = of(&points);
        let places: Vec<f64> = points.iter().enumerate().map(|(at, point)| match over {
            Over::X => point.x,
            Over::Time => point.time,
            Over::Order => at as f64,
        }).filter(|place| !place.is_nan()).collect();
        let (least, most) = places.iter().fold((0.0f64, 1.0f64), |(l, m), p| (l.min(*p), m.max(*p)));
        let (one, other) = (least + window.0 * (most - least), least + window.1 * (most - least));
        let view = View { over, from: one.min(other), to: one.max(other), columns };
        let meant = plainly(&points, &view);
        let mut shown = Vec::new();
        series.stretches(&view, |stretch| shown.push(*stretch));
        prop_assert_eq!(shown.len(), meant.len());
        for (stretch, (column, anew, points)) in shown.iter().zip(&meant) {
            let sum = &stretch.summary;
            prop_assert_eq!((stretch.column, stretch.anew), (*column, *anew));
            prop_assert_eq!(sum.count, points.len() as u64);
            prop_assert!(same(sum.min, low(points)) && same(sum.max, high(points)), "{:?}", sum);
            prop_assert_eq!(sum.first.to_bits(), points[0].y.to_bits());
            prop_assert_eq!(sum.last.to_bits(), points[points.len() - 1].y.to_bits());
            let finite = points.iter().filter(|p| p.y.is_finite());
            prop_assert_eq!(sum.finite, finite.clone().count() as u64);
            let plain: f64 = finite.map(|p| p.y).sum();
            prop_assert!((sum.sum - plain).abs() <= 1e-9 * (1.0 + plain.abs()));
        }
    }

    #[test]
    fn out_and_in_again_is_the_same_picture(points in history(), columns in 1u16..200) {
        let series = of(&points);
        let copy = series.clone();
        let near = View { over: Over::X, from: 10.0, to: 60.0, columns };
        let far = View { from: 0.0, to: 9000.0, ..near };
        let picture = |series: &Series, view: &View| {
            let mut shown = Vec::new();
            series.stretches(view, |stretch| shown.push(format!("{stretch:?}")));
            shown
        };
        let before = picture(&series, &near);
        picture(&series, &far);
        prop_assert_eq!(before, picture(&copy, &near));
    }
}

#[test]
fn a_redraw_replaces_the_point() {
    let mut series = series(&(0..1000).map(f64::from).collect::<Vec<_>>());
    assert!(!series.push(999.0, 4.0));
    assert_eq!(series.len(), 1000);
    let summary = series.summary().unwrap();
    assert_eq!((summary.last, summary.max, summary.count), (4.0, 998.0, 1000));
}

#[test]
fn nothing_is_known_of_nothing() {
    let series = Series::default();
    assert_eq!((series.summary(), series.last_x(), series.len()), (None, None, 0));
    assert!(series.is_empty() && !series.is_curve());
    assert_eq!(series.heap_bytes(), 0);
    series
        .stretches(&View { over: Over::X, from: 0.0, to: 1.0, columns: 10 }, |_| panic!("there is nothing"));
}

#[test]
fn what_is_no_number_is_counted_and_spoils_nothing() {
    let series = series(&[0.5, f64::NAN, f64::INFINITY, 2.0]);
    let summary = series.summary().unwrap();
    assert_eq!(
        (summary.count, summary.finite, summary.min, summary.max, summary.mean()),
        (4, 2, 0.5, 2.0, 1.25)
    );
}

#[test]
fn places_can_be_told_anew() {
    let values: Vec<f64> = (0..300).map(|n| f64::from(n) / 10.0).collect();
    let mut series = series(&values);
    series.place_anew(|x| x * 10.0 + 5.0);
    let meant: Vec<(f64, f64)> =
        values.iter().enumerate().map(|(x, y)| (x as f64 * 10.0 + 5.0, *y)).collect();
    assert_eq!(points(&series), meant);
    assert_eq!(series.last_x(), Some(2995.0));
}

#[test]
fn points_are_numbered_in_order() {
    let mut series = Series::default();
    for n in 0..1000 {
        series.push(f64::from(n) * 10.0, 1.0);
    }
    series.number();
    assert!(points(&series).iter().enumerate().all(|(at, (x, _))| x.to_bits() == (at as f64).to_bits()));
    assert_eq!(series.last_x(), Some(999.0));
    assert!(series.push(1000.0, 1.0));
}

/// A noisy loss with four decimals, as bars draw it.
fn loss(at: u32) -> f64 {
    let noise = f64::from(at.wrapping_mul(2_654_435_761) >> 20) / 4096.0;
    ((2.0 / (1.0 + f64::from(at) / 5000.0) + noise / 5.0) * 10_000.0).round() / 10_000.0
}

#[test]
fn a_point_of_a_long_history_takes_few_bytes() {
    let mut drawn = Series::default();
    let mut single = Series::default();
    let mut double = Series::default();
    for at in 0..100_000 {
        let time = 1.7e12 + f64::from(at) * 131.0 + f64::from(at % 17);
        drawn.take(Point { x: f64::from(at * 3 + at % 2), y: loss(at), time });
        #[expect(clippy::cast_possible_truncation, reason = "an f32 is meant")]
        let figure = (loss(at) / 3.0) as f32;
        single.take(Point { x: f64::from(at), y: f64::from(figure), time });
        double.take(Point { x: f64::from(at) / 37.0, y: loss(at) / 3.0, time });
    }
    let each = |series: &Series| series.heap_bytes() as f64 / 100_000.0;
    assert!(each(&drawn) < 8.0, "{}", each(&drawn));
    assert!(each(&single) < 10.0, "{}", each(&single));
    assert!(each(&double) < 21.0, "{}", each(&double));
}

#[test]
fn a_copy_of_a_long_history_shares_what_is_packed() {
    let long = series(&(0..100_000).map(loss).collect::<Vec<_>>());
    let mut copy = long.clone();
    copy.push(1e6, 0.5);
    let shared = long.blocks.iter().zip(&copy.blocks).all(|(one, other)| Arc::ptr_eq(one, other));
    assert!(shared && long.blocks.len() == 12);
    assert_eq!((long.len(), copy.len()), (100_000, 100_001));
}
