//! Whether a process looks like one that trains, told by its arguments.
//!
//! Who holds a run's file open for writing owns it, whatever it is. To work in the run's folder, or to name it, says much less: so
//! does every shell, editor and pager that looks at it. That counts only for a program that may train:
//!
//! - an interpreter of a language in which people train, with a script, a module or code to run; a prompt trains nothing by
//!   itself (a notebook's kernel is such a prompt);
//! - a launcher or a wrapper (`torchrun`, `srun`, `uv run`, `nohup`) in front of one;
//! - a shell that runs a script, as long as one of those runs below it: a script may as well copy files.
//!
//! Scripts that look at runs are left out by their names (`tensorboard`, `plot.py`, `evaluate.py`, an editor's language server):
//! to miss an owner costs a guess by the age of files, to claim a false one keeps a dead run alive.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;

/// What a process may be to a run by its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// May train.
    Trains,
    /// A shell that runs a script.
    Script,
    /// Anything else.
    Other,
}

const SHELLS: [&str; 7] = ["bash", "sh", "dash", "zsh", "ksh", "ash", "fish"];

/// Programs that start Python scripts and nothing else.
const LAUNCHERS: [&str; 6] = ["torchrun", "accelerate", "deepspeed", "horovodrun", "colossalai", "composer"];

/// Programs that start any other program and stay.
const WRAPPERS: [&str; 30] = [
    "srun",
    "mpirun",
    "mpiexec",
    "orterun",
    "prterun",
    "prun",
    "nohup",
    "nice",
    "ionice",
    "chrt",
    "env",
    "setsid",
    "stdbuf",
    "unbuffer",
    "taskset",
    "numactl",
    "timeout",
    "time",
    "sudo",
    "uv",
    "poetry",
    "pipenv",
    "conda",
    "mamba",
    "micromamba",
    "pixi",
    "hatch",
    "pdm",
    "rye",
    "nsys",
];

/// Words that make a script one that looks at runs, or does with them what is not training.
const LOOKS: [&str; 53] = [
    "tensorboard",
    "jupyter",
    "jupyterlab",
    "notebook",
    "ipykernel",
    "ipython",
    "mlflow",
    "aim",
    "wandb",
    "streamlit",
    "gradio",
    "visdom",
    "netron",
    "plot",
    "plots",
    "plotting",
    "view",
    "viewer",
    "show",
    "inspect",
    "analyze",
    "analyse",
    "analysis",
    "visualize",
    "visualise",
    "eval",
    "evaluate",
    "evaluation",
    "infer",
    "inference",
    "predict",
    "export",
    "convert",
    "upload",
    "download",
    "sync",
    "backup",
    "monitor",
    "watch",
    "dashboard",
    "serve",
    "server",
    "gpustat",
    "nvitop",
    "trainmon",
    "pip",
    "lsp",
    "black",
    "ruff",
    "mypy",
    "pylint",
    "isort",
    "jedi",
];

/// The same, as they stand whole.
const LOOKS_WHOLE: [&str; 5] =
    ["http.server", "resource_tracker", "pydevconsole", "flake8", "language_server"];

/// What the arguments of a process make it.
pub fn role(args: &[OsString]) -> Role {
    let words: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    of(&words)
}

fn of(words: &[String]) -> Role {
    let Some((program, rest)) = words.split_first() else { return Role::Other };
    match base(program).as_str() {
        "python" | "pythonw" | "pypy" => python(rest),
        "julia" => any(rest, |word| has_extension(word, "jl") || word == "-e" || word == "--eval"),
        "Rscript" => any(rest, |word| word == "-e" || !word.starts_with('-')),
        "R" => any(rest, |word| word.starts_with("--file=") || word == "-f"),
        name if SHELLS.contains(&name) => shell(rest),
        name if LAUNCHERS.contains(&name) => {
            let script = rest.iter().find(|word| has_extension(word, "py"));
            if script.is_some_and(|script| !looks(script)) || rest.iter().any(|word| word == "-m") {
                Role::Trains
            } else {
                Role::Other
            }
        }
        name if WRAPPERS.contains(&name) => {
            // the options of wrappers are many: the program is the first word that is known to be one
            let inner = (0..rest.len()).find(|at| rest.get(*at).is_some_and(|word| known(&base(word))));
            inner.and_then(|at| rest.get(at..)).map_or(Role::Other, of)
        }
        _ => Role::Other,
    }
}

fn has_extension(script: &str, extension: &str) -> bool {
    Path::new(script).extension() == Some(OsStr::new(extension))
}

fn known(name: &str) -> bool {
    matches!(name, "python" | "pythonw" | "pypy" | "julia" | "Rscript" | "R")
        || [&SHELLS[..], &LAUNCHERS, &WRAPPERS].iter().any(|names| names.contains(&name))
}

fn any(words: &[String], is: impl Fn(&str) -> bool) -> Role {
    if words.iter().any(|word| is(word)) { Role::Trains } else { Role::Other }
}

/// `/usr/bin/python3.11` is `python`, `-bash` is `bash`.
fn base(program: &str) -> String {
    let name = program.rsplit('/').next().unwrap_or(program).trim_start_matches('-');
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if bare.is_empty() { name.to_owned() } else { bare.to_owned() }
}

/// The options of `python(1)`: several letters may stand together, and what `-c` and `-m` say is the program.
fn python(rest: &[String]) -> Role {
    let trains = |script: &str| if looks(script) { Role::Other } else { Role::Trains };
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let Some(letters) = word.strip_prefix('-') else { return trains(word) };
        if letters.is_empty() {
            // the script comes by standard input
            return Role::Trains;
        }
        if letters.starts_with('-') {
            if letters == "--check-hash-based-pycs" {
                words.next();
            }
            continue;
        }
        for (at, letter) in letters.char_indices() {
            let joined = letters.get(at + 1..).filter(|value| !value.is_empty());
            let mut value = || joined.or_else(|| words.next().map(String::as_str)).unwrap_or_default();
            match letter {
                'c' => return code(value()),
                'm' => return trains(value()),
                'W' | 'X' => {
                    value();
                    break;
                }
                _ => {}
            }
        }
    }
    Role::Other
}

/// Code on the command line. The helper of `multiprocessing` that clears up outlives what it belongs to.
fn code(code: &str) -> Role {
    if code.is_empty() || code.contains("resource_tracker") { Role::Other } else { Role::Trains }
}

fn shell(rest: &[String]) -> Role {
    for word in rest {
        match word.strip_prefix(['-', '+']) {
            None => return Role::Script,
            Some(letters) if !letters.starts_with('-') && letters.contains('c') => return Role::Script,
            Some(_) => {}
        }
    }
    Role::Other
}

/// Whether a script or module is one that looks at runs.
fn looks(script: &str) -> bool {
    let editor = |part: &str| [".vscode", ".cursor", ".windsurf"].iter().any(|name| part.starts_with(name));
    let mut parts = script.split('/');
    if parts.any(editor) {
        return true;
    }
    let name = script.rsplit('/').next().unwrap_or(script);
    let name = name.strip_suffix(".py").unwrap_or(name).to_ascii_lowercase();
    LOOKS_WHOLE.iter().any(|whole| name.contains(whole))
        || name.split(|c: char| !c.is_ascii_alphabetic()).any(|word| LOOKS.contains(&word))
}

/// Words of an option whose value is read and not written: where training begins from.
const READ: [&str; 23] = [
    "resume",
    "restore",
    "load",
    "pretrained",
    "init",
    "teacher",
    "from",
    "base",
    "ref",
    "reference",
    "data",
    "dataset",
    "datasets",
    "input",
    "src",
    "source",
    "prompt",
    "adapter",
    "tokenizer",
    "vae",
    "unet",
    "lora",
    "student",
];

/// Words of an option whose value may be read, unless it names a folder.
const STATE: [&str; 5] = ["ckpt", "checkpoint", "checkpoints", "weights", "model"];

/// The paths that the arguments name, made absolute by `cwd`. What an option reads is left out: a run that another one begins
/// from is not that one's.
pub fn named(args: &[OsString], cwd: Option<&Path>) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut option: Option<&str> = None;
    for arg in args.iter().skip(1) {
        // what is not UTF-8 has no option in it
        let Some(text) = arg.to_str() else {
            paths.extend(absolute(Path::new(arg), cwd));
            option = None;
            continue;
        };
        if let Some((name, value)) = text.split_once('=') {
            if !reads(name) {
                paths.extend(absolute(Path::new(value), cwd));
            }
            option = None;
        } else if text.starts_with('-') {
            option = Some(text);
        } else {
            if !option.is_some_and(reads) {
                paths.extend(absolute(Path::new(text), cwd));
            }
            option = None;
        }
    }
    paths
}

fn reads(option: &str) -> bool {
    let lower = option.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphabetic()).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    has(&READ) || has(&STATE) && !has(&["dir", "folder", "root", "save", "out", "output"])
}

/// `path` seen from `cwd`, with `.` and `..` taken out by their letters alone: nothing is asked of a disk for it.
fn absolute(path: &Path, cwd: Option<&Path>) -> Option<PathBuf> {
    use std::path::Component;
    if path.as_os_str().is_empty() || path.as_os_str().len() > 4096 {
        return None;
    }
    let whole = if path.is_absolute() { path.to_path_buf() } else { cwd?.join(path) };
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn who_may_train() {
        for line in [
            "python train.py",
            "/opt/env/bin/python3.11 -u train.py --lr 1e-4",
            "python3 -m lightning.pytorch.cli fit",
            "python -mtrain",
            "python -W ignore -X faulthandler -uB train.py",
            "python -c pass",
            "python -",
            "pypy3 train.py",
            "/usr/bin/python3 /usr/local/bin/torchrun --nproc_per_node 8 train.py",
            "torchrun --nproc_per_node=8 train.py",
            "accelerate launch train.py --config a.toml",
            "deepspeed --num_gpus 8 train.py",
            "srun -n 8 python train.py",
            "srun --pty torchrun train.py",
            "nohup nice -n 10 python train.py",
            "uv run python train.py",
            "julia --project=. train.jl",
            "Rscript train.R",
            "/usr/lib/R/bin/exec/R --no-echo --file=train.R",
        ] {
            assert_eq!(role(&words(line)), Role::Trains, "{line}");
        }
    }

    #[test]
    fn shells_with_a_script() {
        for line in ["bash train.sh", "/bin/sh -c x", "sh -ex run.sh", "zsh -lc x", "srun bash job.sh"] {
            assert_eq!(role(&words(line)), Role::Script, "{line}");
        }
    }

    #[test]
    fn who_merely_is_there() {
        for line in [
            "-bash",
            "bash",
            "bash -i -l",
            "zsh --login",
            "tmux new -s train",
            "vim train.py",
            "less training.log",
            "tail -f training.log",
            "ls",
            "rsync -a . host:",
            "trainmon .",
            "python",
            "python3 -i",
            "python -q",
            "python /opt/bin/tensorboard --logdir .",
            "python -m tensorboard.main --logdir runs/a",
            "python -m http.server",
            "python -m ipykernel_launcher -f k.json",
            "python /bin/jupyter-lab",
            "python /bin/ipython",
            "python plot_loss.py runs/a",
            "python scripts/evaluate.py runs/a",
            "python /home/u/.vscode-server/extensions/x/bundled/tool/run.py",
            "python -m pylsp_server",
            "python -c from(multiprocessing.resource_tracker)import(main);main(5)",
            "accelerate config",
            "srun --pty bash",
            "uv run tensorboard",
            "timeout 9 tail -f training.log",
            "node server.js",
            "",
        ] {
            assert_eq!(role(&words(line)), Role::Other, "{line}");
        }
        assert_eq!(role(&[]), Role::Other);
    }

    #[test]
    fn paths_of_arguments() {
        let of = |line: &str| {
            let paths = named(&words(line), Some(Path::new("/exp")));
            paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("python train.py --out runs/a"), ["/exp/train.py", "/exp/runs/a"]);
        assert_eq!(of("python ../train.py --out=/data/./a/../b"), ["/train.py", "/data/b"]);
        assert_eq!(of("python t.py hydra.run.dir=runs/a"), ["/exp/t.py", "/exp/runs/a"]);
        assert_eq!(of("python t.py --checkpoint_dir runs/a"), ["/exp/t.py", "/exp/runs/a"]);
        for reads in
            ["--resume runs/a", "--ckpt-path=runs/a/last.ckpt", "--init_from runs/a", "model=runs/a/x.pt"]
        {
            assert_eq!(of(&format!("python t.py {reads}")), ["/exp/t.py"], "{reads}");
        }
        assert_eq!(named(&words("python t.py /a"), None), [Path::new("/a")]);
    }
}
