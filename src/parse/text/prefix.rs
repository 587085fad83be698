//! What loggers put before a message: level, time, logger, rank. Peeled off piece by piece, so that any order of them works.

use crate::model::level::Level;
use crate::model::stamp::Stamp;

use super::time;

/// A line without its prefix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Message<'a> {
    /// The message.
    pub body: &'a str,
    /// Its level.
    pub level: Option<Level>,
    /// Its time.
    pub time: Option<Stamp>,
    /// The rank or worker that wrote it, as printed.
    pub rank: &'a str,
    /// The logger's name, when it stands by itself.
    pub logger: &'a str,
}

impl<'m> Message<'m> {
    /// Whether a logger wrote the line: a print has neither level nor time.
    pub(crate) fn is_logged(&self) -> bool {
        self.level.is_some() || self.time.is_some()
    }

    /// What a table sees of the line `text`: all of it, unless a logger wrote it.
    pub(crate) fn in_table(&self, text: &'m str) -> &'m str {
        if self.is_logged() { self.body } else { text }
    }
}

/// A level's name, in the spellings of the usual loggers.
pub(crate) fn level(word: &str) -> Option<Level> {
    Some(match word {
        "DEBUG" | "TRACE" | "debug" | "trace" => Level::Debug,
        "INFO" | "SUCCESS" | "NOTICE" | "info" | "success" | "notice" => Level::Info,
        "WARNING" | "WARN" | "warning" | "warn" => Level::Warning,
        "ERROR" | "EXCEPTION" | "SEVERE" | "error" | "exception" => Level::Error,
        "CRITICAL" | "FATAL" | "PANIC" | "critical" | "fatal" => Level::Critical,
        _ => return None,
    })
}

/// The same by a first letter.
pub(crate) fn letter(word: &str) -> Option<Level> {
    Some(match word {
        "D" => Level::Debug,
        "I" => Level::Info,
        "W" => Level::Warning,
        "E" => Level::Error,
        "C" | "F" => Level::Critical,
        _ => return None,
    })
}

/// Whether a group or a logger's name is a rank or a worker.
pub(crate) fn is_rank(inside: &str) -> bool {
    let lower =
        |prefix: &str| inside.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    (lower("rank") && inside.bytes().last().is_some_and(|b| b.is_ascii_digit()) && inside.len() < 12)
        || (inside.starts_with("default")
            && inside.len() < 12
            && inside.ends_with(|c: char| c.is_ascii_digit()))
        || inside.contains(" pid=")
}

fn is_name(word: &str) -> bool {
    !word.is_empty()
        && word.len() < 100
        && word.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'.' | b':' | b'<' | b'>' | b'/' | b'-' | b'(' | b')')
        })
        && word.bytes().any(|b| b.is_ascii_alphabetic())
}

struct Peel<'a> {
    rest: &'a str,
    /// The text that its time begins.
    timed: Option<&'a str>,
    message: Message<'a>,
    pieces: usize,
}

impl<'a> Peel<'a> {
    fn logged(&self) -> bool {
        self.message.is_logged()
    }

    /// How Julia marks a message, and the first line of one that goes on: `[ Info: `, `┌ Warning: `.
    fn julia(&mut self) -> bool {
        let Some(rest) = self.rest.strip_prefix("[ ").or_else(|| self.rest.strip_prefix("┌ ")) else {
            return false;
        };
        let levels = [
            ("Info: ", Level::Info),
            ("Warning: ", Level::Warning),
            ("Error: ", Level::Error),
            ("Debug: ", Level::Debug),
        ];
        let Some((body, found)) =
            levels.iter().find_map(|(name, found)| Some((rest.strip_prefix(name)?, *found)))
        else {
            return false;
        };
        (self.message.level, self.rest) = (Some(found), body);
        true
    }

    /// A group in brackets at the front: `[INFO]`, `[2026-…,915]`, `[I 2026-…]`, `[rank0]:`, `(Worker pid=1)`, `[train:9]`.
    fn group(&mut self) -> bool {
        let close = match self.rest.as_bytes().first() {
            Some(b'[') => ']',
            Some(b'(') => ')',
            Some(b'<') => '>',
            _ => return false,
        };
        let Some((inside, after)) = self.rest.get(1..).and_then(|rest| rest.split_once(close)) else {
            return false;
        };
        if inside.len() > 90 {
            return false;
        }
        let text = inside.trim();
        if is_rank(text) {
            self.message.rank = text;
            // torchrun's `[rank0]:2024-01-02 10:00:00,123 …`
            if let Some(rest) =
                after.strip_prefix(':').filter(|rest| time::leading(rest).is_some_and(|timed| timed.dated))
            {
                self.rest = rest;
                return true;
            }
        } else if text == "transformers" {
            self.message.logger = text;
        } else if let Some(level) = level(text).or_else(|| letter(text)) {
            self.message.level = Some(level);
        } else if let Some(timed) = time::leading(text) {
            self.message.time = Some(timed.stamp);
            self.timed = Some(text);
            self.within(timed.rest);
        } else if let Some((head, tail)) = text.split_once([' ', '|']).filter(|(head, _)| head.len() <= 8)
            && let Some(level) = level(head).or_else(|| letter(head))
            && (close == ']')
        {
            // `[I 2026-11-22 15:37:43,967]`, `[INFO|trainer.py:1618]`
            self.message.level = Some(level);
            let tail = tail.trim_start();
            if let Some(timed) = time::leading(tail) {
                self.message.time = Some(timed.stamp);
                self.timed = Some(tail);
            }
        } else if self.pieces == 0
            && close == ']'
            && is_name(text)
            && time::leading(after.trim_start()).is_some_and(|timed| timed.dated)
        {
            // who writes stands before the time: `[gpu01:0/1] 2024-01-02 10:00:01,123 …`
            self.message.logger = text;
        } else if close == ')'
            && self.message.time.is_some()
            && text.split(' ').all(|word| is_name(word) || word.bytes().all(|b| b.is_ascii_digit()))
            && after
                .trim_start_matches(':')
                .split_whitespace()
                .next()
                .is_some_and(|word| level(word.trim_end_matches(':')).is_some())
        {
            // `(trainer:732) INFO: …`
            self.message.logger = text;
        } else if self.logged()
            && is_name(text)
            && close != ')'
            && !text.bytes().all(|b| b.is_ascii_digit() || b == b'/')
            && self.pieces < 6
        {
            self.message.logger = text;
        } else {
            return false;
        }
        self.rest = after;
        true
    }

    /// What stands behind the time inside its brackets: `[09/02 02:42:51 d2.utils.events]`.
    fn within(&mut self, rest: &'a str) {
        for word in rest.split_whitespace() {
            match level(word) {
                Some(level) => self.message.level = Some(level),
                None => self.message.logger = word,
            }
        }
    }

    /// A word at the front that is a level, or a logger's name between separators.
    fn word(&mut self) -> bool {
        let end = self.rest.find([' ', '\t', '|']).unwrap_or(self.rest.len());
        let Some((word, after)) = self.rest.split_at_checked(end) else { return false };
        let upper = word.trim_end_matches(':');
        let colon = upper.len() < word.len();
        if let Some((head, tail)) = word.split_once(':').filter(|_| self.message.level.is_none())
            && !tail.is_empty()
            && let Some(found) = level(head).filter(|_| head.bytes().all(|b| b.is_ascii_uppercase()))
        {
            // `INFO:root:message`
            self.message.level = Some(found);
            if let Some((name, _)) = tail.split_once(':')
                && is_name(name)
                && let Some(body) = self.rest.get(head.len() + name.len() + 2..)
            {
                self.message.logger = name;
                self.rest = body;
            } else {
                self.rest = self.rest.get(head.len() + 1..).unwrap_or("");
            }
            return true;
        }
        let capital = upper.bytes().all(|b| b.is_ascii_uppercase());
        let plain = matches!(upper, "Error" | "Warning") && colon && self.pieces == 0;
        if self.message.level.is_none()
            && let Some(found) = level(upper).or_else(|| level(&upper.to_ascii_lowercase()).filter(|_| plain))
            && (capital || plain)
        {
            self.message.level = Some(found);
            self.rest = after;
            return true;
        }
        false
    }

    /// A logger's name that a separator ends: `trainer.core - `, `d2.events: `, `__main__:<module>:9 - `, `trainer INFO: `.
    fn name(&mut self) -> bool {
        if !self.logged() || self.pieces > 5 {
            return false;
        }
        // a host and a name before it: `2025-12-11 08:30:49.091	gpu-02:0	olmo.train:979	INFO	…`
        if self.message.level.is_none() && self.message.time.is_some() && self.rest.contains('\t') {
            let mut rest = self.rest;
            for _ in 0..4 {
                let Some((column, after)) = rest.split_once('\t') else { break };
                if level(column.trim()).is_some() && column.trim().bytes().all(|b| b.is_ascii_uppercase()) {
                    self.rest = rest;
                    return true;
                }
                if !is_name(column.trim()) {
                    break;
                }
                self.message.logger = column.trim();
                rest = after;
            }
        }
        if self.message.level.is_none()
            && self.message.time.is_some()
            && let Some((host, rest)) = self.rest.split_once(' ')
            && let Some((program, rest)) = rest.trim_start().split_once("] ")
            && let Some((program, pid)) = program.split_once('[')
            && is_name(host)
            && is_name(program)
            && pid.bytes().all(|b| b.is_ascii_digit())
            && level(rest.split([' ', ':']).next().unwrap_or("")).is_some()
        {
            // `2026-11-23 05:12:50 gpu01 proj.train[13332] INFO …`, coloredlogs' own
            self.message.logger = program;
            self.rest = rest;
            return true;
        }
        if self.message.time.is_none()
            && self.message.level.is_some()
            && let Some((head, after)) = self.rest.split_once("] ")
            && head.len() < 90
            && head
                .split(' ')
                .next()
                .is_some_and(|day| day.len() == 4 && day.bytes().all(|b| b.is_ascii_digit()))
            && head.rsplit(' ').next().is_some_and(is_place)
        {
            // `INFO     1123 05:18:21.502 20105 MainThread train.py:6] …`
            self.rest = after;
            return true;
        }
        let end = self.rest.find(' ').unwrap_or(self.rest.len());
        let Some((word, after)) = self.rest.split_at_checked(end) else { return false };
        let after = after.trim_start();
        let bare = word.trim_end_matches([']', ':']);
        if !is_name(bare) {
            return false;
        }
        // `| fairseq_cli.train | `: a module's name, and no measure's
        let column = || {
            after.strip_prefix("| ").filter(|_| {
                word == bare
                    && self.message.level.is_some()
                    && bare.contains('.')
                    && (is_logger(bare) || is_place(bare))
            })
        };
        if let Some(body) = after.strip_prefix("- ").or_else(column) {
            self.message.logger = bare;
            self.rest = body;
            return true;
        }
        if self.before_time(word, bare, after) || self.class(word, bare, after) {
            return true;
        }
        // a name before the level: `2026-11-22 15:28:43,113 trainer INFO: …`
        let next = after.split([' ', ':']).next().unwrap_or("");
        if self.message.level.is_none()
            && self.message.time.is_some()
            && level(next).is_some()
            && next.bytes().all(|b| b.is_ascii_uppercase())
        {
            self.message.logger = bare;
            self.rest = after;
            return true;
        }
        // `mlflow.tracking.fluent: …`, `train.py:128] …`, `ot_train.py:357 …`
        if self.message.level.is_some()
            && (is_place(bare) || (word.ends_with(':') && bare.len() > 3 && is_logger(bare)))
        {
            self.message.logger = bare;
            self.rest = after;
            return true;
        }
        false
    }

    /// A name between the level and the time: `INFO flwr 2026-11-22 15:28:43,113 | …`
    fn before_time(&mut self, word: &str, bare: &'a str, after: &'a str) -> bool {
        let dated = || time::leading(after).is_some_and(|timed| timed.dated);
        let found = self.message.level.is_some() && self.message.time.is_none() && word == bare && dated();
        if found {
            (self.message.logger, self.rest) = (bare, after);
        }
        found
    }

    /// log4j's class: `TaskSetManager: Finished task …`
    fn class(&mut self, word: &str, bare: &'a str, after: &'a str) -> bool {
        let found = self.message.level.is_some()
            && self.message.time.is_some()
            && word.strip_suffix(':') == Some(bare)
            && is_class(bare)
            && !after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '['));
        if found {
            (self.message.logger, self.rest) = (bare, after);
        }
        found
    }
}

/// A class's name in camel case that can be no measure's.
fn is_class(word: &str) -> bool {
    let humps = word
        .as_bytes()
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    let lower = word.to_ascii_lowercase();
    let measures = [
        "loss", "acc", "score", "err", "auc", "f1", "rate", "reward", "val", "test", "eval", "epoch", "step",
        "iter", "time",
    ];
    word.bytes().all(|b| b.is_ascii_alphanumeric())
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && humps.count() > 0
        && !measures.iter().any(|word| lower.contains(word))
}

/// `train.py:128`: a source file and its line.
fn is_place(word: &str) -> bool {
    let mut files = word.match_indices(':').filter_map(|(colon, _)| word.get(..colon));
    files.any(|file| [".py", ".cc", ".cpp", ".cu"].iter().any(|ending| file.ends_with(ending)))
}

/// A dotted module or a name that can be no metric: what may stand before a colon behind a level.
fn is_logger(word: &str) -> bool {
    (word.contains('.') && !word.contains('/'))
        || matches!(word, "root" | "trainer" | "evaluator" | "__main__" | "train" | "early_stopping" | "main")
}

/// Peels the prefix off a line.
pub(crate) fn strip(line: &str) -> Message<'_> {
    strip_timed(line).0
}

/// [`strip`], with the text that the line's time begins; `None` also when its time is written in a way of its own.
pub(crate) fn strip_timed(line: &str) -> (Message<'_>, Option<&str>) {
    let text = line.trim();
    let mut peel = Peel {
        rest: text,
        timed: None,
        message: Message { body: text, level: None, time: None, rank: "", logger: "" },
        pieces: 0,
    };
    if let Some(found) = text.get(..1).and_then(letter)
        && let Some(timed) = text.get(1..).and_then(time::glog)
    {
        peel.message.level = Some(found);
        peel.message.time = Some(timed.stamp);
        peel.message.body = timed.rest.trim_start();
        return (peel.message, None);
    }
    loop {
        let before = peel.rest.len();
        if peel.pieces > 0 {
            peel.rest = peel.rest.trim_start_matches([' ', '\t']);
            for mark in ["- ", "| ", ": ", ">> ", ", "] {
                if peel.message.is_logged() || !peel.message.rank.is_empty() {
                    peel.rest =
                        peel.rest.strip_prefix(mark).unwrap_or(peel.rest).trim_start_matches([' ', '\t']);
                }
            }
        }
        let found = if let Some(timed) = time::leading(peel.rest).filter(|t| {
            peel.message.time.is_none() && (t.dated || peel.pieces > 0 || t.rest.starts_with([' ', ']']))
        }) {
            peel.message.time = Some(timed.stamp);
            peel.timed = Some(peel.rest);
            peel.rest = timed.rest;
            true
        } else {
            peel.julia() || peel.group() || peel.word() || peel.name()
        };
        if !found || peel.rest.len() >= before || peel.pieces > 9 {
            break;
        }
        peel.pieces += 1;
    }
    if peel.pieces > 0 {
        peel.rest = peel.rest.trim_start_matches([':', ' ', '\t']);
        peel.rest = peel.rest.strip_prefix("- ").unwrap_or(peel.rest);
    }
    peel.message.body = peel.rest.trim();
    (peel.message, peel.timed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, level: Option<Level>, timed: bool, body: &str) {
        let got = strip(line);
        assert_eq!((got.level, got.time.is_some(), got.body), (level, timed, body), "{line}");
    }

    #[test]
    fn every_logger_of_the_field() {
        let info = Some(Level::Info);
        check(
            "2026-11-22 15:36:53,473 - trainer.core - INFO - Epoch 1/6 finished",
            info,
            true,
            "Epoch 1/6 finished",
        );
        check("2026-11-22T15:36:52.225543Z INFO     [exp.train:9] step=8/160", info, true, "step=8/160");
        check(
            "[2026-11-22 15:25:24,915][INFO][train] - Epoch: [0][0/16]  eta: 0:00:16",
            info,
            true,
            "Epoch: [0][0/16]  eta: 0:00:16",
        );
        check("INFO     2026-11-22 15:30:39 train.py:128] Epoch: [0][0/16]", info, true, "Epoch: [0][0/16]");
        check("I1122 15:13:59.510737 139958738172800 train.py:23] epoch:  1, x", info, true, "epoch:  1, x");
        check(
            "2026-11-22 15:13:31.041 | INFO     | __main__:<module>:11 - Epoch 1/7 | train loss 0.44",
            info,
            true,
            "Epoch 1/7 | train loss 0.44",
        );
        check(
            "2025-12-11 08:30:49.091\thazy-book-02:0\tolmo.train:979\tINFO\t[step=1316/2500,epoch=1]",
            info,
            true,
            "[step=1316/2500,epoch=1]",
        );
        check("[15:13:37] INFO     epoch 1/5: train_loss=0.4084", info, true, "epoch 1/5: train_loss=0.4084");
        check(
            "INFO:root:Epoch[9] Validation-accuracy=0.94",
            info,
            false,
            "Epoch[9] Validation-accuracy=0.94",
        );
        check(
            "[INFO|trainer.py:1618] 2026-11-22 15:31:45,946 >> ***** Running training *****",
            info,
            true,
            "***** Running training *****",
        );
        check(
            "11/22 15:30:16 - mmengine - INFO - Epoch(train) [1][10/25]  lr: 1",
            info,
            true,
            "Epoch(train) [1][10/25]  lr: 1",
        );
        check(
            "[09/02 02:42:51 d2.utils.events]:  eta: 0:00:25  iter: 279",
            None,
            true,
            "eta: 0:00:25  iter: 279",
        );
        check("[I 2026-11-22 15:37:43,967] A new study", info, true, "A new study");
        check("[rank1]: 11-22 15:13:02.705 [I] iter 2/40  loss 0.624", info, true, "iter 2/40  loss 0.624");
        check("(WorkerDict pid=19740) Total steps: 30", None, false, "Total steps: 30");
        check(
            "11/22/2026 15:29:33 - INFO - __main__ - [RANK 0]   Num Epochs = 3",
            info,
            true,
            "Num Epochs = 3",
        );
        check("2026-11-22 15:28:43,113 trainer INFO: Engine run starting", info, true, "Engine run starting");
        check(
            "2021-09-03 20:27:12.287 | INFO     | yolox.core.trainer:after_iter:246 - epoch: 59/300, iter: 10/47",
            info,
            true,
            "epoch: 59/300, iter: 10/47",
        );
        check("INFO 2026-06-12 18:27:57 ot_train.py:357 step:50K smpl:2M", info, true, "step:50K smpl:2M");
        check("[2022-04-08 21:30:47,168][train][INFO] - {\"epoch\": 10}", info, true, "{\"epoch\": 10}");
        check("2024-07-04 13:37:40.422463: Epoch 99 ", None, true, "Epoch 99");
        check(
            "INFO     | 2024-04-12 16:45:03 | autotrain.trainers.common:on_log:209 - {'loss': 0.3}",
            info,
            true,
            "{'loss': 0.3}",
        );
        check(
            "2026-11-22T15:13:35.884333Z [info     ] epoch_end    epoch=1",
            info,
            true,
            "epoch_end    epoch=1",
        );
        check("2026/11/22 15:13:19 INFO mlflow.tracking.fluent: Experiment", info, true, "Experiment");
    }

    #[test]
    fn loggers_of_further_programs() {
        let info = Some(Level::Info);
        check(
            "[rank2]:2026-11-22 15:13:19,412 - root - INFO - Training completed",
            info,
            true,
            "Training completed",
        );
        check("2026-11-22 15:13:19 | INFO | my_cli.train | done training", info, true, "done training");
        check(
            "2026-11-22 15:13:19 | INFO | valid | epoch 1 | loss 3",
            info,
            true,
            "valid | epoch 1 | loss 3",
        );
        check(
            "[2026-11-22 15:13:19 small](main.py 177): INFO Training time 1:02:03",
            info,
            true,
            "Training time 1:02:03",
        );
        check("26/11/22 15:13:19 INFO TrainJob: areaUnderROC = 0.9", info, true, "areaUnderROC = 0.9");
        check("26/11/22 15:13:19 INFO TrainLoss: mean 0.9", info, true, "TrainLoss: mean 0.9");
        check(
            "INFO fl 2026-11-22 15:13:19,412 | server.py:14 | FL finished in 9.1",
            info,
            true,
            "FL finished in 9.1",
        );
        check("11/22 03:13:19 PM train_acc 70.5", None, true, "train_acc 70.5");
        check("22 Nov 15:13    INFO  Finished training", info, true, "Finished training");
        check("[ Info: Training done.", info, false, "Training done.");
        check("┌ Warning: slow", Some(Level::Warning), false, "slow");
    }

    #[test]
    fn prints_stay_as_they_are() {
        for text in [
            "Epoch 1/5 - train_loss: 0.9",
            "[epoch 1/9] val_loss=0.37",
            "[10]\ttrain-auc:0.9",
            "step  5/20 - loss: 0.7",
            "Error rate 0.3",
            "12/20 [===>] - loss: 1",
            "loss: 0.3",
        ] {
            let got = strip(text);
            assert_eq!((got.level, got.body), (None, text));
        }
    }
}
