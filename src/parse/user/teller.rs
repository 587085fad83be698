//! What was read of a line, as records: the same that all other readers of lines hand on.

use super::Match;
use super::Meaning;
use super::UserFormats;
use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::record::Split;
use crate::parse::text::out::Out;

/// Shows the lines of one file to the user's formats.
#[derive(Debug, Default)]
pub(crate) struct Teller {
    formats: UserFormats,
    /// Epochs turned out to be amounts of what is done (`1.33`), which have no base.
    amounts: bool,
}

/// A line that was taken.
pub(crate) struct Taken {
    /// Its level.
    pub(crate) level: Option<Level>,
}

impl Teller {
    /// For these formats.
    pub(crate) fn new(formats: UserFormats) -> Self {
        Self { formats, amounts: false }
    }

    /// Whether there is no format, so that no line need be shown.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.formats.is_empty()
    }

    /// Looks at a line. `None` when no format matches it; `torn` as for [`UserFormats::read`].
    pub(crate) fn line(
        &mut self,
        line: &str,
        torn: bool,
        origin: &mut Origin,
        sink: &mut dyn Sink,
    ) -> Option<Taken> {
        let found = self.formats.read(line, torn)?;
        if let Some((_, time)) = found.reading.time {
            origin.time = Some(time);
        }
        self.amounts |= found.reading.at.epoch.is_some_and(|epoch| epoch.fract() != 0.0);
        let level = found.reading.level;
        tell(found, line, self.amounts, &mut Out::new(sink, *origin));
        Some(Taken { level })
    }
}

fn tell(found: Match<'_>, line: &str, amounts: bool, out: &mut Out<'_>) {
    let Match { format, reading, .. } = found;
    out.put(&Record::UserFormat(&format.name));
    if format.means == Some(Meaning::Nothing) {
        return;
    }
    let mut at = reading.at;
    totals(&mut at, out);
    if at.step.is_some() {
        at.step_base = Some(format.step_base);
    }
    if at.epoch.is_some() && !amounts {
        at = based(at, format.epoch_base);
    }
    if matches!(format.split, Some(Split::Validation | Split::Test)) {
        // batches of a validation are no steps of the run
        (at.batch, at.batch_total) = (None, None);
    }
    let kind = match format.means {
        Some(Meaning::EpochEnd) => RowKind::EpochEnd,
        Some(Meaning::Summary) => RowKind::Summary,
        _ => RowKind::Plain,
    };
    let inside = at.step.is_some() || at.batch.is_some();
    if at.epoch.is_some() && !inside && reading.values.is_empty() {
        out.epoch(at, kind == RowKind::EpochEnd);
    } else if at.epoch.is_some() && !inside && kind == RowKind::Plain {
        // whether such a row ends its epoch is seen from those that follow; that is asked of rows only that tell no base
        out.epoch(at, false);
        out.row(At { epoch_base: None, ..at }, format.split, kind, reading.values);
    } else if at != At::default() || !reading.values.is_empty() {
        out.row(at, format.split, kind, reading.values);
    }
    let grave = reading.level.is_some_and(|level| level >= Level::Error);
    match format.means {
        Some(Meaning::Ending(how)) => {
            if how == Ending::Failed {
                let message = reading.message.unwrap_or(line.trim());
                out.put(&Record::Error { type_name: "", message, fatal: true });
            }
            out.ending(how);
        }
        _ if grave => {
            let message = reading.message.unwrap_or(line.trim());
            out.put(&Record::Error { type_name: "", message, fatal: false });
        }
        _ => {}
    }
}

/// Totals that stand by themselves are announced.
fn totals(at: &mut At, out: &mut Out<'_>) {
    if at.epoch.is_none()
        && let Some(all) = at.epoch_total.take()
    {
        out.total(Count::Epochs, all);
    }
    if at.step.is_none()
        && let Some(all) = at.step_total.take()
    {
        out.total(Count::Steps, all);
    }
    if at.batch.is_none()
        && let Some(all) = at.batch_total.take()
    {
        out.total(Count::StepsPerEpoch, all);
    }
}

/// Labels of epochs whose base is known, counted from 1. A base of 0 stands elsewhere for amounts of what is done, of which the
/// last one is the total; the label of the last epoch is one less than that.
fn based(at: At, base: Option<u8>) -> At {
    match base {
        Some(0) => At { epoch: at.epoch.map(|label| label + 1.0), epoch_base: Some(1), ..at },
        _ => At { epoch_base: base, ..at },
    }
}
