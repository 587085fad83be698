//! `XGBoost`: `[12]<tab>train-logloss:0.14905<tab>eval-auc:0.88338`; rounds count from 0 and no line tells their number.

use crate::model::record::At;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use super::boost;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Xgboost;

impl Shape for Xgboost {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with('[')
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let Some((round, rest)) = line.body.strip_prefix('[').and_then(|rest| rest.split_once("]\t")) else {
            return false;
        };
        let Some(round) = number::count(round) else { return false };
        let values = boost::pairs(rest, &[]);
        if values.is_empty() {
            return false;
        }
        out.framework("xgboost");
        out.row(At { step: Some(round), step_base: Some(0), ..At::default() }, None, RowKind::Plain, values);
        true
    }
}
