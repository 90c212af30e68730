//! The sample contractors' credential letters, as lines of a text file.
//!
//! The database keeps hashes only, so the file is the one place where the passwords are. It is complete on the disk
//! before the accounts are made: killed at any moment, the demo never has an account that nobody can open.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::error::DemoError;
use super::private_file;

/// What one letter says.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub login: String,
    pub initial_password: String,
}

/// The line in the file and on the terminal.
impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "letter login={} initial_password={}", self.login, self.initial_password)
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("login", &self.login).finish_non_exhaustive()
    }
}

/// The line is not a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotALetter;

impl FromStr for Letter {
    type Err = NotALetter;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let (login, initial_password) = line
            .strip_prefix("letter login=")
            .and_then(|rest| rest.split_once(" initial_password="))
            .ok_or(NotALetter)?;
        // Neither has white space: a line with more on it is not ours.
        let is_one_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
        if is_one_word(login) && is_one_word(initial_password) {
            Ok(Self { login: login.to_owned(), initial_password: initial_password.to_owned() })
        } else {
            Err(NotALetter)
        }
    }
}

/// All letters, in the order of the sample.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Letters(Vec<Letter>);

impl Letters {
    /// No letters if there is no such file.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is not a letter.
    pub(super) fn read(path: &Path) -> Result<Self, DemoError> {
        let content = private_file::read(path)
            .map_err(|source| DemoError::File { path: path.to_owned(), source })?
            .unwrap_or_default();
        content
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
            .map(|(number, line)| {
                line.parse()
                    .map_err(|NotALetter| DemoError::NotALetter { path: path.to_owned(), line: number + 1 })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// # Errors
    /// If the file cannot be written.
    pub(super) fn write(&self, path: &Path) -> Result<(), DemoError> {
        let mut content = String::new();
        for letter in &self.0 {
            content.push_str(&letter.to_string());
            content.push('\n');
        }
        private_file::write(path, &content)
            .map_err(|source| DemoError::File { path: path.to_owned(), source })
    }

    pub(super) fn of(&self, login: &str) -> Option<&Letter> {
        self.0.iter().find(|letter| letter.login == login)
    }

    pub(super) fn push(&mut self, letter: Letter) {
        self.0.push(letter);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Letter> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(login: &str, initial_password: &str) -> Letter {
        Letter { login: login.to_owned(), initial_password: initial_password.to_owned() }
    }

    #[test]
    fn a_letter_is_one_exact_line_and_reads_back() {
        // `=` and `#` are among the characters that passwords are made of.
        let letter = letter("anna.nowak", "=a#R5%n!2*pE");
        let line = "letter login=anna.nowak initial_password==a#R5%n!2*pE";
        assert_eq!(letter.to_string(), line);
        assert_eq!(line.parse(), Ok(letter));
    }

    #[test]
    fn anything_else_is_not_a_letter() {
        for line in [
            "",
            "Dear Ania",
            "letter login= initial_password=x",
            "letter login=anna initial_password=",
            "letter login=anna password=x",
            "letter login=anna initial_password=x y",
            " letter login=anna initial_password=x",
        ] {
            assert_eq!(line.parse::<Letter>(), Err(NotALetter), "{line}");
        }
    }

    #[test]
    fn a_password_never_comes_out_of_debug() {
        assert!(!format!("{:?}", letter("anna", "secret")).contains("secret"));
    }

    #[test]
    fn letters_survive_the_file_and_a_broken_line_is_named() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("letters.txt");
        assert_eq!(Letters::read(&path)?, Letters::default());
        let mut letters = Letters::default();
        letters.push(letter("anna.nowak", "first"));
        letters.push(letter("jan.krawczyk", "second"));
        letters.write(&path)?;
        assert_eq!(Letters::read(&path)?, letters);
        std::fs::write(&path, format!("{}\nnonsense\n", letter("anna.nowak", "first")))?;
        let refused = Letters::read(&path).expect_err("the second line is no letter").to_string();
        assert!(refused.starts_with("line 2 of "), "{refused}");
        Ok(())
    }
}
