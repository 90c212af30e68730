//! What is wrong with a configuration, for the person who wrote it.

use std::fmt;
use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {} cannot be read", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// The line itself is not shown: it may hold a password.
    #[error("the configuration file {}, line {line}: {message}", path.display())]
    Syntax { path: PathBuf, line: usize, message: String },
    #[error("{}", one_a_line(.0))]
    Unsuitable(Vec<Problem>),
}

/// How the environment names a key: `IOK_ID__SECTION__KEY`.
pub(super) const ENVIRONMENT_PREFIX: &str = "IOK_ID__";

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub origin: Origin,
    /// With its section: `server.listen`.
    pub key: String,
    pub complaint: Complaint,
}

/// Who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Defaults,
    File(PathBuf),
    Environment,
    CommandLine,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    UnknownKey {
        /// The known key or section that looks most like it.
        neighbour: String,
    },
    Unsuitable {
        /// `None` where the value may be a secret.
        found: Option<String>,
        wanted: String,
    },
    /// It does not go together with another key.
    Conflict(String),
    /// The environment's value is not Unicode.
    NotUnicode,
}

impl Origin {
    /// The key as it is written there.
    fn spell(&self, key: &str) -> String {
        match self {
            Self::Environment => format!("{ENVIRONMENT_PREFIX}{}", key.to_uppercase().replace('.', "__")),
            Self::Defaults | Self::File(_) | Self::CommandLine => key.to_owned(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults => f.write_str("defaults"),
            Self::File(path) => path.display().fmt(f),
            Self::Environment => f.write_str("environment"),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.origin.spell(&self.key);
        write!(f, "{}: ", self.origin)?;
        match &self.complaint {
            Complaint::UnknownKey { neighbour } => {
                write!(f, "unknown key {key}; did you mean {}?", self.origin.spell(neighbour))
            }
            Complaint::Unsuitable { found: Some(found), wanted } => {
                write!(f, "{key} is {found}; wanted is {wanted}")
            }
            Complaint::Unsuitable { found: None, wanted } => {
                write!(f, "the value of {key} (not shown) will not do; wanted is {wanted}")
            }
            Complaint::Conflict(reason) => write!(f, "{key}: {reason}"),
            Complaint::NotUnicode => write!(f, "the value of {key} is not Unicode"),
        }
    }
}

fn one_a_line(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}
