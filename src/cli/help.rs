//! What `--help` teaches: texts only, so that they can be read as a whole. Prose is one line a paragraph: clap wraps it.

pub(super) const ABOUT: &str =
    "Watch training runs in the terminal: point it at a folder, it reads what they already write";

pub(super) const USAGE: &str = "trainmon [OPTIONS] [PATH]...\n       trainmon [OPTIONS] <COMMAND>";

pub(super) const LONG_ABOUT: &str = "\
Watch training runs in the terminal.

trainmon finds every run below a folder and reads what the runs already write: logs with progress \
bars, JSON lines, CSV files, trackers' files. It shows which runs are alive, how far they are and when \
they will be done, their curves and their logs. Training scripts stay as they are, and nothing is \
written into a run's folder unless status --write-progress asks for it.";

pub(super) const AFTER: &str = "Examples, keys, files and exit codes: trainmon --help";

pub(super) const AFTER_LONG: &str = "\
Examples:
  trainmon                         the runs below the current folder
  trainmon ~/experiments /mnt/gpu1/runs
  trainmon train.log               one log file
  python train.py 2>&1 | trainmon -
  trainmon demo                    have a look without any runs
  trainmon status --json | jq '.runs[] | select(.state==\"failed\") | .id'
  trainmon follow runs/lora-7      its log and progress as plain text, until it ends
  trainmon logs runs/lora-7 --level error
  trainmon doctor ~/experiments    why is my run not shown, or shown like this?
  trainmon ./status                a folder that is named like a command

Keys:
  arrows or j k move, Enter opens, Esc goes back, 1 2 3 switch screens, / filters, q quits
  ? shows all keys of the place where you are

Spans of time are numbers with s, m, h, d or w behind them: 90s, 10m, 1h30m, 30d.

Files:
  settings      ~/.config/trainmon/config.toml
  diagnostics   ~/.local/state/trainmon/trainmon.log
XDG_CONFIG_HOME and XDG_STATE_HOME move them. Run folders are only read, but for status --write-progress.

A setting is taken from its option, else from the environment (for --stall-after TRAINMON_STALL_AFTER, \
and so on), else from the settings file, else its default holds. NO_COLOR turns colours off where nothing \
asks for them. TRAINMON_LOG sets how much goes to the diagnostics: error, warn, info, debug, trace.

Exit codes:
  0    all is well
  1    a fatal error, told on standard error; the terminal is restored
  2    bad usage: an unknown option, an unusable path, a faulty settings file
  10   status: a run has failed; follow: it failed, was cancelled or interrupted
  11   status: a run has stalled, and none has failed; follow --end-on-stall: it has stalled
  12   follow: nobody can tell how the run came out
logs ends with 1 when no line matches, follow with 130 after Ctrl+C.";

pub(super) const STATUS_AFTER: &str = "\
Exit codes: 0 all is well, 10 a run has failed, 11 a run has stalled and none has failed, 1 a fatal error, 2 bad usage.
\
--write-progress is the one thing that is ever written into a run's folder: for runs of a trainer, an evaluator, several \
stages or a search. What cannot be written is told, and the exit code is 1 if it would be 0.";

pub(super) const FOLLOW_AFTER: &str = "\
What is shown: the setup (all lines before the first figure of training, and headings, devices and settings at any time), \
warnings, errors with their tracebacks, checkpoints, and one line of progress: redrawn in place on a terminal, one line for \
each percent of the run elsewhere. Of a run with several logs the main one is followed, and standard error says which.

It ends when the run ends. A run that is over already gets its last lines and its outcome. A stalled run is waited for.

Exit codes: 0 completed or early stopped, 10 failed, cancelled or interrupted, 11 stalled (with --end-on-stall), 12 nobody can \
tell how it came out, 1 a fatal error, 2 bad usage, 130 Ctrl+C.

Examples:
  trainmon follow runs/lora-7
  trainmon follow -q train.log && ./deploy.sh
  python train.py 2>&1 | trainmon follow -";

pub(super) const LOGS_AFTER: &str = "\
All filters hold together, and they hold before anything is counted or left out. How many lines match is told on standard \
error, in JSON in `matched`.

Exit codes: 0 lines were found, 1 no line matches, or a fatal error, 2 bad usage.

Examples:
  trainmon logs runs/lora-7 --level error
  trainmon logs train.log --grep 'loss=nan|overflow' --tail --limit 20
  trainmon logs job.jsonl --event 'training.*' --json | jq '.entries[].fields'";

pub(super) const DEMO_AFTER: &str = "\
The folder lies in the temporary directory and goes when you quit. So that a stalled run can be seen soon, \
--stall-after is 20s here unless you set it.";

pub(super) const COMPLETIONS_AFTER: &str = "\
Examples:
  trainmon completions bash > ~/.local/share/bash-completion/completions/trainmon
  trainmon completions zsh > ~/.zfunc/_trainmon
  trainmon completions fish > ~/.config/fish/completions/trainmon.fish";

pub(super) const MAN_AFTER: &str = "Example: trainmon man > ~/.local/share/man/man1/trainmon.1";
