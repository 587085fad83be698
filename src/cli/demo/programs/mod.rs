//! One program for each family of logs, in the very shapes that the real ones write.

mod boosting;
mod hf;
mod job;
mod keras;
mod kohya;
mod lightning;
mod plain;
mod search;
mod torch;

use super::script::Pen;

pub(super) use boosting::Boosting;
pub(super) use hf::HfTrainer;
pub(super) use job::Job;
pub(super) use keras::Keras;
pub(super) use kohya::Kohya;
pub(super) use lightning::Lightning;
pub(super) use plain::Plain;
pub(super) use search::Search;
pub(super) use torch::Torch;

/// How a program ends, where that is not simply after all its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It does all its work and says so.
    Completes,
    /// After this step it says nothing more: it hangs, or was killed.
    Silent(u64),
    /// At this step it dies of an exception.
    Crashes(u64),
    /// At this step somebody presses Ctrl+C.
    Interrupted(u64),
    /// At this epoch or round it stops early, since nothing improves any more.
    StopsEarly(u64),
}

impl Fate {
    /// Writes what Python writes when `step` is the fatal one. Returns whether the program is over.
    fn strikes(self, step: u64, pen: &mut Pen, file: &'static str) -> bool {
        match self {
            Self::Silent(at) => at == step,
            Self::Crashes(at) if at == step => {
                pen.write(file, OUT_OF_MEMORY);
                true
            }
            Self::Interrupted(at) if at == step => {
                pen.write(file, INTERRUPTED);
                true
            }
            _ => false,
        }
    }

    /// Whether it stops early after `round`.
    fn stops_after(self, round: u64) -> bool {
        self == Self::StopsEarly(round)
    }
}

const OUT_OF_MEMORY: &str = "\nTraceback (most recent call last):
  File \"/home/user/speech/train.py\", line 214, in <module>
    main(parse_args())
  File \"/home/user/speech/train.py\", line 176, in main
    loss = step(model, batch)
  File \"/home/user/speech/model/conformer.py\", line 88, in forward
    scores = torch.matmul(query, key.transpose(-2, -1))
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of 23.65 GiB of which 1.12 GiB is free.
";

const INTERRUPTED: &str = "\nTraceback (most recent call last):
  File \"/home/user/llm/sft.py\", line 97, in <module>
    trainer.train()
  File \"/home/user/venv/lib/python3.12/site-packages/transformers/trainer.py\", line 2325, in train
    return inner_training_loop(
KeyboardInterrupt
";
