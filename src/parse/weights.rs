//! Whether a file of weights is whole, by its first and last bytes. What it holds is never read: a checkpoint can hold a program.
//!
//! - safetensors: eight bytes with the length of a JSON header, the header, and the tensors at the offsets that it tells
//!   (<https://huggingface.co/docs/safetensors>).
//! - ZIP, which is what `torch.save`, `numpy.savez` and Keras write: its directory stands at its end
//!   (PKWARE's APPNOTE 4.3.16). A writer that died has left none.
//! - HDF5: its first block tells where the file ends (HDF5 File Format Specification, II.A).

use memchr::memmem;

/// As many bytes from the beginning are enough for anything but a header of safetensors.
pub const HEAD: usize = 512;
/// As many bytes from the end are enough.
pub const TAIL: usize = 22;
/// A header of safetensors that is longer is not asked, in bytes.
pub const HEADER_MAX: u64 = 16 << 20;

const LENGTH: usize = 8;
const ZIP_FILE: &[u8] = b"PK\x03\x04";
const ZIP_END: &[u8] = b"PK\x05\x06";
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Bytes from the beginning that must be read for `head`, its first bytes, to tell more: those of the header of safetensors.
pub fn header_of(name: &str, head: &[u8]) -> Option<u64> {
    let length = name.ends_with(".safetensors").then(|| number(head, 0, LENGTH)).flatten()?;
    (length <= HEADER_MAX).then(|| length + LENGTH as u64)
}

/// Whether a file of `len` bytes is whole; `None` where its kind does not tell. `head` are its first bytes, with the whole
/// header of safetensors, and `tail` its last [`TAIL`].
pub fn is_whole(name: &str, head: &[u8], tail: &[u8], len: u64) -> Option<bool> {
    if name.ends_with(".safetensors") {
        return safetensors(head, len);
    }
    if head.starts_with(ZIP_FILE) {
        return Some(tail.starts_with(ZIP_END));
    }
    if head.starts_with(HDF5) {
        return hdf5(head, len);
    }
    None
}

/// The tensors lie one behind the other: the file ends where the last one does.
fn safetensors(head: &[u8], len: u64) -> Option<bool> {
    let Some(length) = number(head, 0, LENGTH) else { return Some(false) };
    if length > HEADER_MAX {
        return None;
    }
    let Some(header) = usize::try_from(length).ok().and_then(|length| head.get(LENGTH..LENGTH + length))
    else {
        return Some(false);
    };
    let mut end = 0;
    let name = b"\"data_offsets\"";
    for at in memmem::find_iter(header, name) {
        end = end.max(end_of(header.get(at + name.len()..)?)?);
    }
    Some(len.checked_sub(LENGTH as u64 + length).is_some_and(|data| data >= end))
}

/// The second figure of `:[12,34]`.
fn end_of(text: &[u8]) -> Option<u64> {
    let close = memchr::memchr(b']', text.get(..64.min(text.len()))?)?;
    let pair = std::str::from_utf8(text.get(..close)?).ok()?;
    pair.rsplit(',').next()?.trim().parse().ok()
}

/// Where the file ends stands behind three or two other addresses, by the version of the block.
fn hdf5(head: &[u8], len: u64) -> Option<bool> {
    let (size, at) = match head.get(HDF5.len())? {
        0 => (*head.get(13)?, 24),
        1 => (*head.get(13)?, 28),
        2 | 3 => (*head.get(9)?, 12),
        _ => return None,
    };
    let size = usize::from(size);
    if !matches!(size, 2 | 4 | 8) {
        return None;
    }
    let end = number(head, at + 2 * size, size)?;
    // while nobody knows its end all bits are set
    let unknown = u64::MAX >> (64 - 8 * size);
    Some(end != unknown && len >= end)
}

/// A number of up to eight bytes, the lowest first.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensors(header: &str, data: usize) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.resize(bytes.len() + data, 7);
        bytes
    }

    fn whole(name: &str, bytes: &[u8]) -> Option<bool> {
        let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap();
        is_whole(name, bytes, tail, bytes.len() as u64)
    }

    #[test]
    fn a_file_of_tensors_ends_where_its_last_tensor_does() {
        let header = r#"{"__metadata__":{"step":"9"},"b":{"dtype":"F32","shape":[2],"data_offsets":[8, 16]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let file = tensors(header, 16);
        assert_eq!(header_of("m.safetensors", &file), Some(8 + header.len() as u64));
        assert_eq!(header_of("m.pt", &file), None);
        assert_eq!(whole("m.safetensors", &file), Some(true));
        for end in 0..file.len() {
            assert_eq!(whole("m.safetensors", &file[..end]), Some(false), "{end}");
        }
        assert_eq!(whole("m.safetensors", &tensors("{}", 0)), Some(true), "nothing is in it");
        assert_eq!(whole("m.safetensors", &tensors(r#"{"a":{"data_offsets":[0,x]}}"#, 9)), None);
        let far = tensors(r#"{"a":{"data_offsets":[0,18446744073709551615]}}"#, 9);
        assert_eq!(whole("m.safetensors", &far), Some(false));
        let endless = [0xff; 64];
        assert_eq!((header_of("m.safetensors", &endless), whole("m.safetensors", &endless)), (None, None));
    }

    #[test]
    fn an_archive_without_its_directory_is_being_written() {
        let mut file = ZIP_FILE.to_vec();
        file.resize(900, 1);
        assert_eq!(whole("best.pt", &file), Some(false));
        file.extend(ZIP_END);
        file.resize(file.len() + 18, 0);
        assert_eq!(whole("best.pt", &file), Some(true));
        assert_eq!(whole("best.pt", &file[..file.len() - 1]), Some(false));
        assert_eq!(
            whole("old.pt", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02"),
            None,
            "a bare pickle"
        );
        assert_eq!(whole("empty.pt", b""), None);
    }

    #[test]
    fn a_hierarchical_file_tells_its_end() {
        let block = |version: u8, len: u64| {
            let mut block = HDF5.to_vec();
            block.push(version);
            block.resize(96, 0);
            let (size, at) = match version {
                0 => (13, 40),
                1 => (13, 44),
                _ => (9, 28),
            };
            block[size] = 8;
            block[at..at + 8].copy_from_slice(&len.to_le_bytes());
            block
        };
        for version in 0..=3 {
            assert_eq!(whole("m.h5", &block(version, 96)), Some(true), "{version}");
            assert_eq!(whole("m.h5", &block(version, 97)), Some(false), "{version}");
            assert_eq!(whole("m.h5", &block(version, u64::MAX)), Some(false), "{version}");
        }
        assert_eq!(whole("m.h5", &block(9, 1)), None);
        assert_eq!(whole("m.h5", HDF5), None);
    }
}
