//! Passwords that are walks over the keyboard: `1qaz@WSX`, `Qwerty123!`. They look like noise and are the first that a
//! guesser tries, because everybody's finger finds them.

/// The rows of the Polish programmer's keyboard, unshifted and shifted.
const ROWS: [(&str, &str); 4] = [
    ("1234567890-=", "!@#$%^&*()_+"),
    ("qwertyuiop[]", "QWERTYUIOP{}"),
    ("asdfghjkl;'", "ASDFGHJKL:\""),
    ("zxcvbnm,./", "ZXCVBNM<>?"),
];

/// Different keys that make a walk. Two neighbours meet by chance in every other good password.
const SHORTEST: usize = 3;
/// Characters that may stand beside the walks, as decoration: `Asdfgh12!`.
const DECORATION: usize = 3;

/// Is all there is to it walks over neighbouring keys, but for a decoration?
pub(super) fn is_walked(password: &str) -> bool {
    let keys: Vec<Option<Key>> = password.chars().map(Key::of).collect();
    let walked: usize = keys
        .chunk_by(|from, to| from.zip(*to).is_some_and(|(from, to)| from.is_beside(to)))
        .filter(|run| is_walk(run))
        .map(<[_]>::len)
        .sum();
    walked > DECORATION && keys.len() - walked <= DECORATION
}

/// A finger that stays where it is goes nowhere: `aaaa` is another weakness, and zxcvbn's to tell.
fn is_walk(run: &[Option<Key>]) -> bool {
    run.iter().enumerate().filter(|(at, key)| !run[..*at].contains(key)).count() >= SHORTEST
}

/// A key by its place. Each row stands half a key to the right of the one above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    row: usize,
    column: usize,
}

impl Key {
    fn of(c: char) -> Option<Self> {
        ROWS.iter().enumerate().find_map(|(row, (plain, shifted))| {
            let place = |keys: &str| keys.chars().position(|key| key == c);
            let column = place(plain).or_else(|| place(shifted))?;
            Some(Self { row, column })
        })
    }

    /// Touching, in any direction, or the same key again, as with the other hand on Shift.
    fn is_beside(self, other: Self) -> bool {
        let (upper, lower) = if self.row <= other.row { (self, other) } else { (other, self) };
        match lower.row - upper.row {
            0 => upper.column.abs_diff(lower.column) <= 1,
            1 => lower.column == upper.column || lower.column + 1 == upper.column,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingers_that_walk_are_seen() {
        for password in [
            "1qaz@WSX",
            "!QAZ2wsx",
            "zaq1@WSX",
            "ZAQ!2wsx",
            "Qwerty12#",
            "Qwerty123!",
            "qwertY!@#4",
            "Asdfgh123!",
            "poiuyT098!",
            "1q2w3e4R!",
            "Qazwsx12!",
            "Zxcvbnm,./1",
            "qweASDzxc1!",
            "1!2@3#4$qQ",
            "qqWWee11",
        ] {
            assert!(is_walked(password), "{password}");
        }
    }

    #[test]
    fn fingers_that_jump_are_left_alone() {
        for password in [
            "",
            "1",
            "12",
            "tR7#mKp2!x",
            "Zimorodek#7k",
            "Wq8$zbLn",
            "żÓłw4&Gęś!k",
            "Qwe7#mKp2!x",
            "Rower!Stal9",
            "Popiół@5rze",
            "Aaaaaaa1!",
            "1!1!1!1!",
        ] {
            assert!(!is_walked(password), "{password}");
        }
    }
}
