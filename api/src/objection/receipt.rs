//! Receipt codes: what an objector follows the case with. One is a secret, told once; only its digest is kept (D-705).

use pingxuan_persistence::digest_hex;

use crate::identity::passwords::drawn;
use crate::problem::Failure;

/// Crockford's base 32: no letter that is read as a digit or as another letter.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new receipt code: 125 bits of chance in five groups.
///
/// # Errors
/// [`Failure::Internal`] where there is no randomness.
pub fn new_receipt() -> Result<String, Failure> {
    drawn(ALPHABET, 5)
}

/// What is kept of a receipt code. It may come in small letters, without its hyphens, and with letters for digits.
#[must_use]
pub fn receipt_digest(code: &str) -> String {
    let letter = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let said: String = code.chars().filter(|letter| *letter != '-').map(letter).collect();
    digest_hex(said.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_705_a_receipt_code_is_read_as_it_is_written_down() {
        let code = new_receipt().unwrap();
        assert_eq!(code.len(), 29);
        assert_ne!(code, new_receipt().unwrap());
        assert_eq!(receipt_digest(&code), receipt_digest(&code.replace('-', "").to_lowercase()));
        assert_eq!(receipt_digest("0011A"), receipt_digest("oOiL-a"));
        assert_ne!(receipt_digest("0011A"), receipt_digest("0011B"));
    }
}
