//! Shapes of single frameworks: what the generic engine in [`super::text`] cannot know by itself.
//!
//! One framework is one file here, one line in the list at the end of this file and one folder of recordings below
//! `tests/corpus/`; a test fails for a file that is not listed or has no recording. A shape sees every line before the generic engine does and may
//! take it; it should know its own lines by their first bytes.

mod boost;

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

/// Declares the files of all frameworks and lists their shapes. What `mod` a macro writes, `rustfmt` does not follow:
/// `.ci/run` hands it these files by name.
macro_rules! shapes {
    ($($file:ident::$shape:ident,)*) => {
        $(mod $file;)*

        /// All of them, in the order in which they look at a line.
        pub(crate) const SHAPES: &[New] = &[$(|| Box::<$file::$shape>::default()),*];
    };
}

shapes! {
    wandb::Wandb,
    rich::Rich,
    ultralytics::Ultralytics,
    keras::Keras,
    paddle::Paddle,
    ignite::Ignite,
    fastai::Fastai,
    lightning::Lightning,
    transformers::Transformers,
    kohya::Kohya,
    sb3::Sb3,
    catboost::Catboost,
    lightgbm::Lightgbm,
    xgboost::Xgboost,
    optuna::Optuna,
    sklearn::Sklearn,
    fasttext::Fasttext,
    gplearn::Gplearn,
    vowpal::Vowpal,
    lerobot::Lerobot,
    olmo::Olmo,
    spacy::Spacy,
    deepspeed::Deepspeed,
    espnet::Espnet,
    stylegan::Stylegan,
    nerfstudio::Nerfstudio,
    clu::Clu,
    darknet::Darknet,
    estimator::Estimator,
    progressbar::Progressbar,
}

/// A reader notes which shapes want a line in as many bits.
const _: () = assert!(SHAPES.len() <= u32::BITS as usize);
