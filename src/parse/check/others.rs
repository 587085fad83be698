//! What must hold for any bytes as a file of W&B's, as YAML, and as the ends of a file of weights.

use super::Broken;
use super::is_clean;
use crate::model::level::Level;
use crate::model::record::Count;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::parse::wandb;
use crate::parse::weights;
use crate::parse::yaml;

/// Blocks that no checksum ends, and records that no program wrote.
pub fn wandb(bytes: &[u8]) -> Result<(), Broken> {
    let read = |chunk: usize| {
        let mut heard = Totals::default();
        let mut file = (wandb::SPEC.new)();
        bytes.chunks(chunk).for_each(|chunk| file.push(chunk, &mut heard));
        file.rest(&mut heard);
        heard
    };
    let mut alone = Totals::default();
    wandb::record(bytes, &mut alone);
    let whole = read(bytes.len().max(1));
    if whole.wrong || alone.wrong {
        return Err("a total is no count, or a figure has no name".to_owned());
    }
    // a row's figure takes its name, a number, and the keys and lengths of both
    if alone.figures > bytes.len() as u64 / 4 {
        return Err("more figures than there is room for".to_owned());
    }
    if whole == read(1) && whole == read(7) { Ok(()) } else { Err("chunks make a difference".to_owned()) }
}

/// Documents that close, that do not, and that grow when aliases are followed.
pub fn yaml(bytes: &[u8]) -> Result<(), Broken> {
    for spec in [&yaml::SETTINGS, &yaml::MLFLOW] {
        let mut heard = Totals::default();
        let mut document = (spec.new)();
        document.push(bytes, &mut heard);
        document.rest(&mut heard);
        if heard.wrong {
            return Err("a total is no count".to_owned());
        }
        if heard.records > 16 {
            return Err("one document says more than there is to say".to_owned());
        }
    }
    Ok(())
}

/// Ends of files of weights: what is whole is so however much follows, and what has no byte is not.
pub fn weights(bytes: &[u8]) -> Result<(), Broken> {
    let len = bytes.len() as u64;
    let tail = bytes.get(bytes.len().saturating_sub(weights::TAIL)..).unwrap_or_default();
    for name in ["a.safetensors", "a.pt", "a.h5"] {
        let head = weights::header_of(name, bytes);
        if head.is_some_and(|head| head > weights::HEADER_MAX + 8) {
            return Err("a header is to be read that is too long".to_owned());
        }
        let told = |len| weights::is_whole(name, bytes, tail, len);
        if told(len) == Some(true) && [len + 1, u64::MAX].map(told) != [Some(true); 2] {
            return Err("what is whole is not when more follows".to_owned());
        }
        if weights::is_whole(name, &[], &[], 0) == Some(true) {
            return Err("nothing is whole".to_owned());
        }
    }
    Ok(())
}

/// What was heard of totals and figures.
#[derive(Debug, Default, PartialEq)]
struct Totals {
    records: u64,
    figures: u64,
    epochs: Option<f64>,
    steps: Option<f64>,
    /// A total is none, or a figure has no name.
    wrong: bool,
}

impl Sink for Totals {
    fn record(&mut self, record: &Record<'_>, _origin: &Origin) {
        self.records += 1;
        match record {
            Record::Planned { of, value } => {
                self.wrong |= !value.is_finite() || *value < 1.0 || value.fract() != 0.0;
                let told = if *of == Count::Epochs { &mut self.epochs } else { &mut self.steps };
                *told = Some(*value);
            }
            Record::Row(row) => {
                self.figures += row.values.len() as u64;
                self.wrong |= row.values.iter().any(|pair| pair.name.is_empty());
            }
            Record::Title(text) | Record::Warning(text) => self.wrong |= !is_clean(text, false),
            _ => {}
        }
    }

    fn line(&mut self, _level: Option<Level>, _progress: bool, _origin: &Origin) {}
}
