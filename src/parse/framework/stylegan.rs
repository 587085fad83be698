//! `StyleGAN` 2 and 3 (`training_loop.py`): `tick 3     kimg 12.0     time 5m 04s       sec/tick 101.2   sec/kimg 25.31 …`. `kimg` are thousands
//! of images shown to the discriminator, of as many as `Training for 25000 kimg...` tells.

use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::bar;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Stylegan {
    /// Thousands of images in all.
    all: Option<f64>,
}

impl Shape for Stylegan {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("tick ") || body.starts_with("Training for ")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if let Some(rest) = body.strip_prefix("Training for ") {
            let Some((all, _)) = rest.split_once(" kimg") else { return false };
            self.all = number::count(all);
            return self.all.is_some();
        }
        let words: Vec<&str> = body.split_whitespace().collect();
        let ["tick", tick, "kimg", kimg, "time", figures @ ..] = words.as_slice() else { return false };
        let (Some(_), Some(kimg)) = (number::count(tick), number::number(kimg)) else { return false };
        let mut values = Pairs::new();
        let named = figures.iter().position(|word| word.starts_with("sec/"));
        let mut figures = figures.iter().skip(named.unwrap_or(figures.len()));
        while let (Some(name), Some(text)) = (figures.next(), figures.next()) {
            let Some(value) = number::number(text) else { break };
            values.push(Pair { name, value });
        }
        out.framework("stylegan");
        out.drew();
        out.put(&Record::Bar(Bar {
            label: "kimg",
            current: kimg,
            total: self.all,
            unit: "kimg",
            style: BarStyle::Lines,
            values,
            ..bar::blank()
        }));
        true
    }
}
