//! The last words of programs that could not go on, where no exception is named.

/// What a shell script's line says of a program that a signal ended: `job.sh: line 12:  4711 Killed      python train.py`.
pub(in crate::parse::text) fn shell_killed(body: &str) -> Option<&str> {
    let (script, rest) = body.split_once(": line ")?;
    let (line, rest) = rest.split_once(": ")?;
    let rest = rest.trim_start();
    let (pid, rest) = rest.split_once(' ')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let how = ["Killed", "Terminated", "Segmentation fault", "Aborted", "Bus error", "Illegal instruction"];
    (!script.contains(' ') && digits(line) && digits(pid))
        .then(|| how.into_iter().find(|how| rest.trim_start().starts_with(how)))
        .flatten()
}

/// A loss that is no number, and that the run ends by that.
fn diverged(lower: &str) -> bool {
    if lower.len() > 120 || !(lower.contains("loss") || lower.contains("diverged")) {
        return false;
    }
    let nan = lower
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .any(|word| matches!(word, "nan" | "inf" | "infinite" | "non-finite" | "infinity" | "diverged"));
    let ends = [
        "stopping training",
        "stop training",
        "terminating training",
        "aborting training",
        "aborting run",
        "exiting",
        "quitting",
    ];
    // `aborting` as the last word; `aborting this batch` ends no run
    let last = ["aborting", "terminating", "stopping", "abort"]
        .iter()
        .any(|word| lower.trim_end_matches(['.', '!', ' ']).ends_with(word));
    nan && (last || ends.iter().any(|word| lower.contains(word)))
}

/// Whether a message is the last word of such a program; `lower` is the same in lower case.
pub(super) fn read(body: &str, lower: &str) -> bool {
    lower.contains("invalid loss, terminating training")
        || body == "Killed"
        || body == "Segmentation fault"
        || body.ends_with(" (core dumped)") && body.len() < 60
        || matches!(body, "Bus error" | "Illegal instruction" | "Floating point exception" | "Aborted")
        || (body.starts_with("make: *** [") && body.contains("Error "))
        || (body.starts_with("srun: error: ") && lower.contains("exited with exit code"))
        || diverged(lower)
        || shell_killed(body).is_some_and(|how| how != "Terminated")
        || lower.rsplit_once("exits with return code = ").is_some_and(|(_, code)| code.trim() != "0")
        || (lower.contains("conda.cli.main_run") && lower.contains("failed"))
        || (lower.contains("slurmstepd: error")
            && (lower.contains("oom") || lower.contains("out of memory")
                || ["time limit", "preemption", "node fail"].iter().any(|why| lower.contains(why))))
        || lower.starts_with("fatal error:")
        // R, Node.js, Julia, argparse
        || body == "Execution halted"
        || (body.starts_with("Node.js v") && body.len() < 24)
        || body.starts_with("ERROR: LoadError: ")
        || body.split_once(".py: error: ").is_some_and(|(program, _)| !program.contains(' '))
        || lower.contains("oom-kill event")
        // the C++ runtimes
        || lower.starts_with("terminate called after throwing an instance of")
        || lower.starts_with("terminate called without an active exception")
        || lower.starts_with("libc++abi: terminating")
        // wasabi's mark of a message that ends the program, as spaCy prints it
        || ["✘ ", "[x] "].iter().any(|mark| body.starts_with(mark) && body.contains(' ') && body.len() > 8)
}
