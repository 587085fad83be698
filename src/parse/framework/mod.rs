//! Shapes of single frameworks: what the generic engine in [`super::text`] cannot know by itself.
//!
//! One framework is one file here and one folder of recordings below `tests/corpus/`; `SHAPES` lists them all, and a test
//! fails for a file that is not listed or has no recording. A shape sees every line before the generic engine does and may
//! take it; it should know its own lines by their first bytes.

mod boost;
mod catboost;
mod fastai;
mod fasttext;
mod ignite;
mod keras;
mod kohya;
mod lightgbm;
mod lightning;
mod optuna;
mod paddle;
mod rich;
mod sb3;
mod sklearn;
mod transformers;
mod ultralytics;
mod wandb;
mod xgboost;

use crate::model::level::Level;

use super::text::out::Out;

/// A line (or a redraw of one) without its logger's prefix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// All of it.
    pub raw: &'a str,
    /// Without level, time, logger and rank.
    pub body: &'a str,
    /// The logger's name.
    pub logger: &'a str,
    /// The level.
    pub level: Option<Level>,
}

/// What knows the lines of one framework.
pub(crate) trait Shape: Send {
    /// Looks at a line; `true` when it is taken, so that nobody else reads it.
    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool;

    /// The file has been silent for a while: what waits for a next line is handed on.
    fn rest(&mut self, _out: &mut Out<'_>) {}
}

/// A framework.
pub(crate) struct Known {
    /// The name in `status --json`.
    pub name: &'static str,
    /// Its shape, having seen nothing yet.
    pub new: fn() -> Box<dyn Shape>,
}

/// All of them, in the order in which they look at a line.
pub(crate) const SHAPES: &[Known] = &[
    Known { name: "wandb", new: || Box::new(wandb::Wandb) },
    Known { name: "rich", new: || Box::<rich::Rich>::default() },
    Known { name: "ultralytics", new: || Box::<ultralytics::Ultralytics>::default() },
    Known { name: "keras", new: || Box::<keras::Keras>::default() },
    Known { name: "paddle", new: || Box::<paddle::Paddle>::default() },
    Known { name: "ignite", new: || Box::new(ignite::Ignite) },
    Known { name: "fastai", new: || Box::new(fastai::Fastai) },
    Known { name: "lightning", new: || Box::<lightning::Lightning>::default() },
    Known { name: "transformers", new: || Box::<transformers::Transformers>::default() },
    Known { name: "kohya", new: || Box::<kohya::Kohya>::default() },
    Known { name: "sb3", new: || Box::<sb3::Sb3>::default() },
    Known { name: "catboost", new: || Box::<catboost::Catboost>::default() },
    Known { name: "lightgbm", new: || Box::<lightgbm::Lightgbm>::default() },
    Known { name: "xgboost", new: || Box::new(xgboost::Xgboost) },
    Known { name: "optuna", new: || Box::new(optuna::Optuna) },
    Known { name: "sklearn", new: || Box::<sklearn::Sklearn>::default() },
    Known { name: "fasttext", new: || Box::new(fasttext::Fasttext) },
];
