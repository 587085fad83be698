use std::fs;
use std::fs::OpenOptions;
use std::io::Write;

use super::*;

struct Log {
    _dir: tempfile::TempDir,
    file: LogFile,
}

impl Log {
    fn of(bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("training.log");
        fs::write(&path, bytes).unwrap();
        let mut log = Self { file: LogFile::new(path), _dir: dir };
        assert!(matches!(log.file.look(), Seen::Grown));
        log
    }

    fn append(&self, bytes: &[u8]) {
        OpenOptions::new().append(true).open(self.file.path()).unwrap().write_all(bytes).unwrap();
    }

    fn stretches(&mut self) -> Vec<Stretch> {
        let mut all = Vec::new();
        let mut next = self.file.stretch_at(0).unwrap();
        while let Some(stretch) = next {
            all.push(stretch);
            next = self.file.stretch_after(&stretch).unwrap();
        }
        all
    }

    fn rows(&mut self) -> Vec<(u64, String, u64)> {
        let mut rows = Vec::new();
        let mut buffer = Vec::new();
        for stretch in self.stretches() {
            self.file
                .rows(&stretch, &mut buffer, &mut |row| rows.push((row.offset, row.text.to_owned(), row.cut)))
                .unwrap();
        }
        rows
    }

    fn texts(&mut self) -> Vec<String> {
        self.rows().into_iter().map(|(_, text, _)| text).collect()
    }
}

#[test]
fn every_line_comes_once_whatever_the_cells_cut() {
    let mut bytes = Vec::new();
    let mut want = Vec::new();
    for n in 0..9000 {
        let text = format!("line {n}{}", "x".repeat(n % 97));
        bytes.extend(text.bytes());
        bytes.extend(if n % 3 == 0 { b"\r\n".as_slice() } else { b"\n" });
        want.push(text);
    }
    let mut log = Log::of(&bytes);
    assert!(log.stretches().len() > 5);
    assert_eq!(log.texts(), want);
}

#[test]
fn stretches_found_from_any_byte_and_backwards_are_the_same() {
    let mut bytes = vec![b'a'; 200_000];
    for at in [10, 11, 65_535, 65_536, 70_000, 199_000] {
        bytes[at] = b'\n';
    }
    let mut log = Log::of(&bytes);
    let forward = log.stretches();
    let mut backward = Vec::new();
    let mut start = log.file.len();
    while let Some(stretch) = log.file.stretch_before(start).unwrap() {
        start = stretch.start;
        backward.push(stretch);
    }
    backward.reverse();
    assert_eq!(forward, backward);
    for offset in (0..200_000).step_by(977).chain([10, 11, 12, 65_535, 65_536, 65_537, 199_999]) {
        let holds = log.file.stretch_at(offset).unwrap().unwrap();
        assert!(forward.contains(&holds) && (holds.start..holds.end).contains(&offset), "{offset}");
    }
    assert_eq!(log.file.stretch_at(200_000).unwrap(), None);
}

#[test]
fn odd_bytes_are_read_as_text() {
    let cases: [(&[u8], &[&str]); 8] = [
        (b"", &[]),
        (b"\n", &[""]),
        (b"no newline", &["no newline"]),
        (b"nul\0s\0\nok\n", &["nuls", "ok"]),
        (b"\xff\xff bad\n\xc3\n", &["\u{fffd}\u{fffd} bad", "\u{fffd}"]),
        (b"\xef\xbb\xbfbom\nnext\n", &["bom", "next"]),
        (b"\xff\xfea\0b\0\r\0\n\0\x14\x4ec\0\n\0", &["ab", "\u{4e14}c"]),
        (b"\xfe\xff\0a\0b\0\n\0c", &["ab", "c"]),
    ];
    for (bytes, want) in cases {
        let mut log = Log::of(bytes);
        assert_eq!(log.texts(), want, "{bytes:?}");
        assert_eq!(log.rows().first().map(|(offset, ..)| *offset), want.first().map(|_| 0), "{bytes:?}");
    }
}

#[test]
fn a_long_line_is_cut_and_one_of_redraws_shows_its_last_state() {
    let mut bytes = b"first\n".to_vec();
    bytes.extend(vec![b'x'; 5_000_000]);
    bytes.extend(b"\nmiddle\n");
    for n in 0..40_000 {
        bytes.extend(format!("\rEpoch 1: {n}/40000 some more words here").bytes());
    }
    bytes.extend(b"\nERROR last\n");
    let mut log = Log::of(&bytes);
    let rows = log.rows();
    let texts: Vec<String> = rows.iter().map(|(_, text, _)| text.chars().take(24).collect()).collect();
    assert_eq!(texts, ["first", &"x".repeat(24), "middle", "Epoch 1: 39999/40000 som", "ERROR last"]);
    assert_eq!(rows[1].1.len() as u64 + rows[1].2, 5_000_000);
    let end = log.file.stretch_at(log.file.len() - 1).unwrap().unwrap();
    assert!(end.end - end.start < 2_000_000);
}

#[test]
fn a_line_without_end_is_broken_at_the_same_places_from_both_sides() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("big.log");
    let file = File::create(&path).unwrap();
    // a hole of NULs, 200 MiB without a newline
    file.set_len(200 << 20).unwrap();
    file.write_all_at(b"\nlast line\n", (200 << 20) - 11).unwrap();
    let mut log = Log { file: LogFile::new(path), _dir: dir };
    log.file.look();
    let forward = log.stretches();
    let starts: Vec<u64> = forward.iter().map(|stretch| stretch.start >> 20).collect();
    assert_eq!(starts, [0, 64, 128, 192, 199]);
    let last = log.file.stretch_before(log.file.len()).unwrap().unwrap();
    assert_eq!(forward.last(), Some(&last));
    let before = log.file.stretch_before(last.start).unwrap();
    assert_eq!(forward.get(3).copied(), before);
    assert_eq!(log.texts(), ["", "", "", "", "last line"]);
}

#[test]
fn what_happens_to_the_file_is_noticed() {
    let mut log = Log::of(b"one\ntwo\n");
    assert!(matches!(log.file.look(), Seen::Same));
    log.append(b"three\n");
    assert!(matches!(log.file.look(), Seen::Grown));
    assert_eq!(log.texts(), ["one", "two", "three"]);

    fs::write(log.file.path(), b"new\n").unwrap();
    assert!(matches!(log.file.look(), Seen::Restarted(Restart::Truncated)));
    assert_eq!(log.texts(), ["new"]);

    fs::write(log.file.path(), b"longer than it was\nbefore\n").unwrap();
    assert!(matches!(log.file.look(), Seen::Restarted(Restart::Rewritten)));
    assert_eq!(log.texts(), ["longer than it was", "before"]);

    let aside = log.file.path().with_extension("1");
    fs::rename(log.file.path(), &aside).unwrap();
    assert!(matches!(log.file.look(), Seen::Gone));
    fs::write(log.file.path(), b"longer than it was\nbefore\n").unwrap();
    assert!(matches!(log.file.look(), Seen::Restarted(Restart::Replaced)));

    fs::remove_file(log.file.path()).unwrap();
    fs::create_dir(log.file.path()).unwrap();
    assert!(matches!(log.file.look(), Seen::Failed(_)));
}

#[test]
fn a_file_that_is_not_there_yet_is_read_when_it_comes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("later.log");
    let mut log = Log { file: LogFile::new(path.clone()), _dir: dir };
    assert!(matches!(log.file.look(), Seen::Gone));
    assert!(log.file.is_empty() && log.texts().is_empty());
    fs::write(&path, b"here\n").unwrap();
    assert!(matches!(log.file.look(), Seen::Grown));
    assert_eq!(log.texts(), ["here"]);
}
