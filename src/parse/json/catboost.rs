//! `catboost_info/catboost_training.json`: how many iterations were asked for, which no other file of a `CatBoost` run tells.
//!
//! The file begins with `"meta":{…,"iteration_count":500,…}` and gets a row with every iteration until it is closed at the end,
//! so only its beginning is read. The figures stand in the `.tsv` files beside it.

use crate::model::record::Count;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;
use crate::parse::text::number;

/// The file.
pub const CATBOOST: Spec =
    Spec { kind: SourceKind::Json, reading: Reading::Appended, sniff, new: || Box::new(Catboost::default()) };

const COUNT: &[u8] = b"\"iteration_count\":";

fn sniff(head: &Head<'_>) -> u8 {
    let begins = head.bytes.trim_ascii_start().starts_with(b"{");
    let told = |name: &[u8]| memchr::memmem::find(head.bytes, name).is_some();
    if begins && told(b"\"launch_mode\"") && told(COUNT) { 96 } else { 0 }
}

/// Bytes of the beginning that are looked at: names of sets and metrics stand before the count.
const HEAD: usize = 64 << 10;

#[derive(Default)]
struct Catboost {
    head: Vec<u8>,
    done: bool,
}

/// The count, once what follows its last digit is there too.
fn count(head: &[u8]) -> Option<f64> {
    let at = memchr::memmem::find(head, COUNT)? + COUNT.len();
    let rest = head.get(at..)?.trim_ascii_start();
    let end = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    number::count(std::str::from_utf8(rest.get(..end)?).ok()?)
}

impl Format for Catboost {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        if self.done {
            return;
        }
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        let found = count(&self.head).filter(|value| *value >= 1.0);
        if let Some(value) = found {
            sink.record(&Record::Framework("catboost"), &Origin::default());
            sink.record(&Record::Total { of: Count::Steps, value }, &Origin::default());
        }
        if found.is_some() || self.head.len() >= HEAD {
            (self.done, self.head) = (true, Vec::new());
        }
    }

    fn rest(&mut self, _sink: &mut dyn Sink) {}
}
