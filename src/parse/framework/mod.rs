//! Shapes of single frameworks: what the generic engine in [`super::text`] cannot know by itself.
//!
//! One framework is one file here and one folder of recordings below `tests/corpus/`; `SHAPES` lists them all, and a test
//! fails for a file that is not listed or has no recording. A shape sees every line before the generic engine does and may
//! take it; it should know its own lines by their first bytes.

mod boost;
mod catboost;
mod fastai;
mod fasttext;
mod gplearn;
mod ignite;
mod keras;
mod kohya;
mod lerobot;
mod lightgbm;
mod lightning;
mod olmo;
mod optuna;
mod paddle;
mod progressbar;
mod rich;
mod sb3;
mod sklearn;
mod transformers;
mod ultralytics;
mod vowpal;
mod wandb;
mod xgboost;

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
    /// Whether the body is all ASCII: no gauge is in it then.
    pub ascii: bool,
}

/// What knows the lines of one framework.
pub(crate) trait Shape: Send {
    /// Looks at a line; `true` when it is taken, so that nobody else reads it.
    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool;

    /// Whether a line with this body may be one of its own, or one that it keeps in mind, judged by its first bytes and never by
    /// its digits. `false` proves that [`Shape::line`] does nothing with it, nor with any line that differs in digits alone,
    /// unless the shape is busy.
    fn may_want(&self, body: &str) -> bool;

    /// Whether it waits for the next line, whatever that is.
    fn is_busy(&self) -> bool {
        false
    }

    /// Whether it reads the bars that are drawn now, for more than a bar says stands before them.
    fn reads_bars(&self) -> bool {
        false
    }

    /// The file has been silent for a while: what waits for a next line is handed on.
    fn rest(&mut self, _out: &mut Out<'_>) {}
}

/// A shape that has seen nothing yet.
pub(crate) type New = fn() -> Box<dyn Shape>;

/// All of them, in the order in which they look at a line.
pub(crate) const SHAPES: &[New] = &[
    || Box::new(wandb::Wandb),
    || Box::<rich::Rich>::default(),
    || Box::<ultralytics::Ultralytics>::default(),
    || Box::<keras::Keras>::default(),
    || Box::<paddle::Paddle>::default(),
    || Box::new(ignite::Ignite),
    || Box::new(fastai::Fastai),
    || Box::<lightning::Lightning>::default(),
    || Box::<transformers::Transformers>::default(),
    || Box::<kohya::Kohya>::default(),
    || Box::<sb3::Sb3>::default(),
    || Box::<catboost::Catboost>::default(),
    || Box::<lightgbm::Lightgbm>::default(),
    || Box::new(xgboost::Xgboost),
    || Box::<optuna::Optuna>::default(),
    || Box::<sklearn::Sklearn>::default(),
    || Box::new(fasttext::Fasttext),
    || Box::<gplearn::Gplearn>::default(),
    || Box::<vowpal::Vowpal>::default(),
    || Box::new(lerobot::Lerobot),
    || Box::new(olmo::Olmo),
    || Box::new(progressbar::Progressbar),
];
