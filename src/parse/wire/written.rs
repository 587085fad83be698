//! Messages in this encoding, for tests of the formats that are made of them.

/// `value`, seven bits a byte.
pub(crate) fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7F);
            return out;
        }
        out.push(low | 0x80);
    }
}

/// Bytes, a text or a message within a message, as the field `number`.
pub(crate) fn bytes(number: u64, data: &[u8]) -> Vec<u8> {
    [varint(number << 3 | 2), varint(data.len() as u64), data.to_vec()].concat()
}
