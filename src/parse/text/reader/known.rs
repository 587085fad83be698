//! Lines of a form that was seen before: what the first of them was found to be is not found out again.

use std::sync::Arc;

use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::parse::framework::Line;
use crate::parse::text::form;
use crate::parse::text::form::Form;
use crate::parse::text::form::Known;
use crate::parse::text::found::counted;
use crate::parse::text::found::generic;
use crate::parse::text::found::logged_error;
use crate::parse::text::found::phrased;
use crate::parse::text::headings::shape_of;
use crate::parse::text::out::Out;
use crate::parse::text::phrase;
use crate::parse::text::phrase::Phrase;
use crate::parse::text::plan::Head;
use crate::parse::text::plan::Part;
use crate::parse::text::plan::Plan;
use crate::parse::text::prefix;
use crate::parse::text::prefix::Message;
use crate::parse::text::row;
use crate::parse::text::traceback;

use super::Reader;
use super::below::data_named;
use super::below::indent;

impl Reader {
    /// Remembers what lines of a form are.
    pub(super) fn learn(&mut self, form: Option<u64>, known: Known, text: &str, message: &Message<'_>) {
        // a relayed line is a part of the one that the runs belong to
        let Some(form) = form.filter(|form| form::of(text, &mut self.runs) == Some(*form)) else { return };
        if traceback::is_survived(text) {
            // each of them takes the edge off a traceback of its own
            return;
        }
        let wanted = self
            .shapes
            .iter()
            .enumerate()
            .filter(|(_, shape)| shape.may_want(message.body))
            .map(|(i, _)| 1 << i);
        let shapes = wanted.fold(0, |all, one: u32| all | one);
        let data = data_named(text, message.body);
        let nothing = matches!(known, Known::Nothing | Known::Between | Known::Header);
        let shape = if nothing { shape_of(message.body) } else { None };
        self.forms.learn(form, Form { data, shape, ..Form::new(known, shapes) });
    }

    /// A line of a form that was seen before.
    pub(super) fn again(
        &mut self,
        number: u64,
        mut form: Form,
        text: &str,
        origin: &mut Origin,
        sink: &mut dyn Sink,
    ) {
        let head = form.head.and_then(|head| head.read(text, &self.runs));
        let message = match head {
            Some(message) => message,
            None => prefix::strip_timed(text).0,
        };
        self.dated(&message, origin);
        self.tracebacks.other();
        if !form.tried {
            // the second line of a form: there may be a million more
            let timed = prefix::strip_timed(text).1;
            form.tried = true;
            form.head = Head::of(text, &message, timed, &self.runs);
            if form.known == Known::Saved
                && let Some(Phrase::Checkpoint(path)) = phrase::read(message.body)
            {
                form.path = Part::of(path, text, &self.runs);
            }
            if matches!(form.known, Known::Figures | Known::Saved) {
                form.plan = Plan::of(message.body, text, &self.runs, &mut self.words).map(Arc::new);
            }
            self.forms.learn(number, form.clone());
        }
        if head.is_none() && self.is_other_rank(&message) {
            return;
        }
        let own = match form.known {
            Known::Figures if self.sample.is_open() => {
                self.rows.goes_on(&row::weigh(message.body, &mut self.words).at)
            }
            known => matches!(known, Known::Figures | Known::Saved),
        };
        if own {
            self.sample.end();
        } else if self.sample.holds(message.body, message.is_logged()) {
            return;
        }
        let mut out = Out::new(sink, *origin);
        let line =
            Line { raw: text, body: message.body, logger: message.logger, ascii: message.body.is_ascii() };
        if self.shaped(form.shapes, &line, &mut out) {
            return;
        }
        if let Some(data) = form.data {
            self.below = Some((data, indent(text)));
        }
        if self.headings.line(form.shape) {
            out.put(&Record::OpensAgain);
        }
        match form.known {
            Known::Figures => {
                let planned = form.plan.as_ref().and_then(|plan| plan.read(text, &self.runs));
                let mut found = planned.unwrap_or_else(|| row::weigh(message.body, &mut self.words));
                self.is_below(text, &mut found);
                let foreign = self.rows.judge(&mut found);
                if self.rows.begins() {
                    self.headings.begins();
                }
                counted(&found, &mut self.movement, &mut out);
                if generic(found, &mut out) || foreign {
                    self.headings.other();
                } else {
                    self.tabled(text, &message, &mut out);
                }
            }
            Known::Saved => {
                let read = (form.path.as_ref().zip(form.plan.as_ref())).and_then(|(path, plan)| {
                    Some((path.read(text, &self.runs)?, plan.read(text, &self.runs)?.at))
                });
                match read {
                    Some((path, at)) => {
                        out.put(&Record::Checkpoint { path, step: at.step, epoch: at.epoch });
                    }
                    None => {
                        phrased(&message, &mut self.words, &mut out);
                    }
                }
            }
            Known::Error => logged_error(text, &message, &mut out),
            Known::Header => {
                self.tabled(text, &message, &mut out);
            }
            Known::Nothing if self.table.is_open() => {
                self.tabled(text, &message, &mut out);
            }
            Known::Between if self.table.is_open() => self.table.missed(),
            Known::Nothing | Known::Between | Known::Quiet => {}
        }
    }
}
