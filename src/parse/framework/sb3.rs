//! Stable-Baselines3: boxes of `| section/ |  |` and `|    name  | value  |` between rules. The name is section and name;
//! `time/total_timesteps` is the step. Boxes without sections, as Spinning Up and its relatives draw them, are read alike.

use crate::model::record::At;
use crate::model::record::Pair;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Sb3 {
    section: String,
    rows: Vec<(String, f64)>,
    /// The line above was a rule or a row of a box.
    boxed: bool,
    /// The names in the box before.
    before: Vec<String>,
}

impl Sb3 {
    fn hand_on(&mut self, out: &mut Out<'_>) {
        let step =
            self.rows.iter().find(|(name, _)| name.ends_with("total_timesteps")).map(|(_, value)| *value);
        let named = |names: &[&str]| {
            let found =
                self.rows.iter().find(|(name, _)| names.contains(&name.to_ascii_lowercase().as_str()));
            found.map(|(_, value)| *value)
        };
        if self.section.is_empty() {
            let step = named(&["totalenvinteracts", "total_timesteps", "timesteps", "total steps", "steps"]);
            let epoch = named(&["epoch", "itr", "iteration"])
                .filter(|_| step.is_none() || named(&["epoch"]).is_some());
            if self.rows.len() > 3 && (step.is_some() || epoch.is_some()) {
                let values = self.rows.iter().map(|(name, value)| Pair { name, value: *value }).collect();
                let at = At { step, step_base: step.map(|_| 1), epoch, ..At::default() };
                out.row(at, None, RowKind::EpochEnd, values);
            } else if self.rows.len() > 2 {
                // a box of other names is the log's own once it comes again: settings are told once
                let again = self.rows.iter().map(|(name, _)| name).eq(self.before.iter());
                if again {
                    let values = self.rows.iter().map(|(name, value)| Pair { name, value: *value }).collect();
                    out.row(At::default(), None, RowKind::Plain, values);
                } else {
                    self.before = self.rows.iter().map(|(name, _)| name.clone()).collect();
                }
            }
        } else if step.is_some() || self.rows.len() > 3 {
            let values = self.rows.iter().map(|(name, value)| Pair { name, value: *value }).collect();
            out.framework("stable-baselines3");
            out.row(At { step, step_base: Some(1), ..At::default() }, None, RowKind::Plain, values);
        }
        self.rows.clear();
        self.section.clear();
    }
}

impl Shape for Sb3 {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with(['-', '|'])
            || body.starts_with("Eval num_timesteps=")
            || body.starts_with("Episode length: ")
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if body.len() > 8 && body.bytes().all(|b| b == b'-') {
            self.hand_on(out);
            self.boxed = true;
            return false;
        }
        if body.starts_with("Eval num_timesteps=") || body.starts_with("Episode length: ") {
            return true;
        }
        let boxed = std::mem::take(&mut self.boxed);
        let Some((name, value)) = body
            .strip_prefix('|')
            .and_then(|rest| rest.strip_suffix('|'))
            .and_then(|rest| rest.split_once('|'))
        else {
            return false;
        };
        if value.contains('|') || self.rows.len() > 200 {
            return false;
        }
        let value = value.trim();
        if let Some(section) = name.trim().strip_suffix('/').filter(|_| value.is_empty()) {
            self.section = format!("{section}/");
            return true;
        }
        if self.section.is_empty() {
            // a box of names and figures
            let Some(figure) = number::number(value).filter(|_| boxed) else { return false };
            self.rows.push((name.trim().to_owned(), figure));
            self.boxed = true;
            return true;
        }
        if !name.starts_with("    ") {
            return false;
        }
        if let Some(value) = number::number(value) {
            self.rows.push((format!("{}{}", self.section, name.trim()), value));
        }
        true
    }

    fn rest(&mut self, _out: &mut Out<'_>) {}
}
