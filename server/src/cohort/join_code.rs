//! Codes by which students join a group: short, read aloud and typed on a telephone without mistakes.

/// Letters that look like no other letter or digit: no I, L, O, Q, S, B, Z, U, V, W.
const LETTERS: &[u8; 16] = b"ACDEFGHJKMNPRTXY";
/// Length: 16^6, 17 million codes; guessing is slowed down besides.
const LENGTH: usize = 6;

/// The code that `dice` says.
pub fn join_code(dice: u64) -> String {
    let letter = |place: usize| {
        let four_bits = (dice >> (4 * place)) & 0xF;
        char::from(LETTERS[usize::try_from(four_bits).unwrap_or_default()])
    };
    (0..LENGTH).map(letter).collect()
}

/// What somebody typed, as a code is kept: capitals without blanks and hyphens; none when it cannot be one.
pub fn typed_code(typed: &str) -> Option<String> {
    let code: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let fits = code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter));
    fits.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let code = join_code(0x0012_3456_789A_BCDE);
        assert_eq!(code.len(), LENGTH);
        assert_eq!(typed_code(&format!(" {}-{} ", &code[..3].to_lowercase(), &code[3..])), Some(code));
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for typed in ["", "ABC", "ACDEF0", "ACDEFGH", "病例编号中文"] {
            assert_eq!(typed_code(typed), None, "{typed}");
        }
    }
}
