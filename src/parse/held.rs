//! What a stream of bytes ends in that is not whole yet, kept until the rest of it comes: for formats whose records have a length.

/// The beginning of a record whose rest has not come.
#[derive(Debug, Default)]
pub(super) struct Held(Vec<u8>);

impl Held {
    /// Hands what is held, and `bytes` behind it, to `take`, which returns what of their end it left; that is held from now on.
    pub(super) fn push(&mut self, bytes: &[u8], take: impl FnOnce(&[u8]) -> &[u8]) {
        if self.0.is_empty() {
            // nearly always: nothing is copied but what is left
            self.0.extend_from_slice(take(bytes));
        } else {
            self.0.extend_from_slice(bytes);
            let left = take(&self.0).len();
            self.0.drain(..self.0.len() - left);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Takes whole pairs.
    fn pairs<'a>(bytes: &'a [u8], taken: &mut Vec<u8>) -> &'a [u8] {
        let (whole, rest) = bytes.split_at(bytes.len() / 2 * 2);
        taken.extend_from_slice(whole);
        rest
    }

    #[test]
    fn what_is_left_comes_before_what_follows() {
        let (mut held, mut taken) = (Held::default(), Vec::new());
        held.push(b"abc", |bytes| pairs(bytes, &mut taken));
        assert_eq!((&*held.0, &*taken), (&b"c"[..], &b"ab"[..]));
        held.push(b"", |bytes| pairs(bytes, &mut taken));
        held.push(b"d", |bytes| pairs(bytes, &mut taken));
        assert_eq!((&*held.0, &*taken), (&b""[..], &b"abcd"[..]));
    }

    #[test]
    fn what_is_whole_is_not_copied() {
        let mut held = Held::default();
        held.push(&[0; 4096], |bytes| bytes.get(4096..).unwrap_or_default());
        assert_eq!(held.0.capacity(), 0);
    }

    proptest! {
        #[test]
        fn how_a_stream_is_cut_does_not_matter(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..9),
        ) {
            let (mut held, mut taken) = (Held::default(), Vec::new());
            for piece in &pieces {
                held.push(piece, |bytes| pairs(bytes, &mut taken));
            }
            taken.extend_from_slice(&held.0);
            prop_assert_eq!(taken, pieces.concat());
            prop_assert!(held.0.len() < 2);
        }
    }
}
