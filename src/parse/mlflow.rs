//! Parameters of an `MLflow` run: a file each, called like the parameter (`params/epochs`), with nothing in it but the value.
//!
//! Each file is read without the others, so only names are taken that no other parameter overrules.

use crate::model::record::Count;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::model::run::SourceKind;
use crate::parse::config;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::format::Reading;
use crate::parse::format::Spec;

/// Bytes that such a file may have.
const LARGEST: u64 = 64;

/// Epochs of the run.
pub const EPOCHS: Spec = Spec {
    kind: SourceKind::Yaml,
    reading: Reading::Whole { limit: LARGEST },
    sniff: |head| sniff(head, Count::Epochs),
    new: || Box::new(Param(Count::Epochs)),
};

/// Steps of the run.
pub const STEPS: Spec = Spec {
    kind: SourceKind::Yaml,
    reading: Reading::Whole { limit: LARGEST },
    sniff: |head| sniff(head, Count::Steps),
    new: || Box::new(Param(Count::Steps)),
};

/// What the parameter called `name` counts.
pub fn counts(name: &str) -> Option<Count> {
    match name {
        "epochs" | "num_epochs" | "max_epochs" | "total_epochs" => Some(Count::Epochs),
        "total_steps" | "num_training_steps" => Some(Count::Steps),
        _ => None,
    }
}

fn sniff(head: &Head<'_>, of: Count) -> u8 {
    let mut parts = head.path.rsplit('/');
    let named = parts.next().and_then(counts) == Some(of) && parts.next() == Some("params");
    if named && value(head.bytes).is_some() { 90 } else { 0 }
}

fn value(bytes: &[u8]) -> Option<f64> {
    config::count(std::str::from_utf8(bytes).ok()?)
}

/// A reader of one parameter.
struct Param(Count);

impl Format for Param {
    fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        if let Some(value) = value(bytes) {
            sink.record(&Record::Planned { of: self.0, value }, &Origin::default());
            sink.line(None, false, &Origin::default());
        }
    }

    fn rest(&mut self, _sink: &mut dyn Sink) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::format;

    #[test]
    fn told_by_place_and_content() {
        let told = |path: &str, text: &str| {
            let spec = format::sniff(&Head { path, bytes: text.as_bytes() });
            let spec = spec.filter(|spec| spec.kind == SourceKind::Yaml)?;
            let mut sink = crate::parse::recorder::Recorder::default();
            (spec.new)().push(text.as_bytes(), &mut sink);
            Some(sink.said.join(" "))
        };
        assert_eq!(told("mlruns/1/a/params/epochs", "9").as_deref(), Some("planned Epochs=9"));
        assert_eq!(told("params/total_steps", "100").as_deref(), Some("planned Steps=100"));
        for (path, text) in
            [("params/lr", "9"), ("params/epochs", "all"), ("epochs", "9"), ("params/epochs", "-1")]
        {
            assert_eq!(told(path, text), None, "{path} {text}");
        }
    }
}
