//! Putting the layers together, and finding everything that is wrong with them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::error::{Actual, Kind};

use super::Settings;
use super::error::{Complaint, ConfigError, Origin, Problem};
use super::layers::{FREE_SECTION, Layer};
use super::offices::KEYS_OF_AN_OFFICE;

/// Keys whose values are shown to nobody, not even to complain about them.
const SECRET_KEYS: [&str; 3] = ["database.url", "mail.password", "sealing.key"];

/// Where settings are taken from, weakest first: the defaults, a file, the environment, the command line.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    config_file: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    overrides: Vec<(String, String)>,
}

impl Sources {
    /// The defaults alone.
    pub fn only_defaults() -> Self {
        Self::default()
    }

    /// A file if there is one, and this process's environment.
    pub fn of_process(config_file: Option<&Path>) -> Self {
        Self {
            config_file: config_file.map(Path::to_path_buf),
            environment: std::env::vars_os().collect(),
            overrides: Vec::new(),
        }
    }

    #[must_use]
    pub fn with_file(mut self, config_file: impl Into<PathBuf>) -> Self {
        self.config_file = Some(config_file.into());
        self
    }

    #[must_use]
    pub fn with_environment<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        self.environment.extend(variables.into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// The strongest word: `("server.listen", "127.0.0.1:0")`.
    #[must_use]
    pub fn overriding(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.overrides.push((key.into(), value.into()));
        self
    }

    /// # Errors
    /// If the file cannot be read or is not TOML; else all that is unknown or unsuitable, at once.
    pub fn load(&self) -> Result<Settings, ConfigError> {
        let defaults = Layer::defaults()?;
        let mut problems = Vec::new();
        let mut layers: Vec<Layer> =
            self.config_file.as_deref().map(Layer::file).transpose()?.into_iter().collect();
        layers.push(Layer::environment(&self.environment, &defaults, &mut problems));
        layers.push(Layer::command_line(&self.overrides, &defaults));

        for layer in &mut layers {
            problems.extend(take_out_unknown_keys(layer, &defaults));
        }
        let mut settings = extract(&defaults, &mut layers, &mut problems)?;
        settings.server.resolve_beside(self.config_file.as_deref());
        settings.sealing.resolve_beside(self.config_file.as_deref());
        settings.mail.resolve_beside(self.config_file.as_deref());
        settings.outbound.resolve_beside(self.config_file.as_deref());
        settings.audit.resolve_beside(self.config_file.as_deref());

        // With unsuitable values replaced by defaults, a conflict might be one that nobody wrote.
        if problems.is_empty() {
            problems.extend(settings.conflicts().into_iter().map(|(key, reason)| Problem {
                origin: origin_of(key, &layers),
                key: key.to_owned(),
                complaint: Complaint::Conflict(reason),
            }));
        }
        if problems.is_empty() { Ok(settings) } else { Err(ConfigError::Unsuitable(problems)) }
    }
}

/// The default of every key exists, so what has none is not a key.
fn take_out_unknown_keys(layer: &mut Layer, defaults: &Layer) -> Vec<Problem> {
    let mut problems = Vec::new();
    for key in layer.keys() {
        let is_section = defaults.values.contains_key(&key);
        let is_empty_section = is_section && layer.get(&key).is_some_and(|value| value.as_dict().is_some());
        let complaint = if is_empty_section {
            continue;
        } else if is_section {
            Complaint::Unsuitable { found: Some("a value".to_owned()), wanted: format!("a section, [{key}]") }
        } else if key.split('.').next() == Some(FREE_SECTION) && key != FREE_SECTION {
            continue;
        } else if defaults.get(&key).is_none() {
            Complaint::UnknownKey { neighbour: neighbour_of(&key, defaults) }
        } else {
            continue;
        };
        layer.remove(&key);
        problems.push(Problem { origin: layer.origin.clone(), key, complaint });
    }
    problems.extend(take_out_unknown_keys_of_offices(layer));
    problems
}

/// An office is named freely, but what is told about it is not.
fn take_out_unknown_keys_of_offices(layer: &mut Layer) -> Vec<Problem> {
    let origin = layer.origin.clone();
    let mut problems = Vec::new();
    for name in layer.free_names() {
        let Some(keys) = layer.free_table(&name) else { continue };
        let unknown: Vec<String> =
            keys.keys().filter(|key| !KEYS_OF_AN_OFFICE.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            keys.remove(&key);
            let nearest = KEYS_OF_AN_OFFICE
                .into_iter()
                .min_by_key(|known| strsim::damerau_levenshtein(known, &key))
                .unwrap_or_default();
            let full = |key: &str| format!("{FREE_SECTION}.{name}.{key}");
            let complaint = Complaint::UnknownKey { neighbour: full(nearest) };
            problems.push(Problem { origin: origin.clone(), key: full(&key), complaint });
        }
    }
    problems
}

/// The known key that was most likely meant: the same key in another section, or the nearest one in the same section,
/// or the nearest of all.
fn neighbour_of(unknown: &str, defaults: &Layer) -> String {
    let known = defaults.keys();
    let (section, name) = unknown.split_once('.').unwrap_or(("", unknown));
    if section.is_empty()
        && let Some(section) = nearest_section(unknown, defaults)
    {
        return section;
    }
    let name_of = |key: &str| key.split_once('.').map_or_else(|| key.to_owned(), |(_, name)| name.to_owned());

    let candidates: Vec<&String> = match known.iter().find(|key| name_of(key) == name) {
        Some(elsewhere) if section.is_empty() || defaults.values.contains_key(section) => vec![elsewhere],
        _ if defaults.values.contains_key(section) => {
            known.iter().filter(|key| key.split('.').next() == Some(section)).collect()
        }
        _ => known.iter().collect(),
    };
    let distance = |key: &str| {
        if section.is_empty() {
            strsim::damerau_levenshtein(&name_of(key), name)
        } else {
            strsim::damerau_levenshtein(key, unknown)
        }
    };
    candidates.into_iter().min_by_key(|key| distance(key)).cloned().unwrap_or_default()
}

/// A word without a section may be meant for a section, if it looks like one.
fn nearest_section(unknown: &str, defaults: &Layer) -> Option<String> {
    defaults
        .values
        .keys()
        .filter(|section| strsim::damerau_levenshtein(section, unknown) <= 2)
        .min_by_key(|section| strsim::damerau_levenshtein(section, unknown))
        .cloned()
}

/// Reads the settings, as often as it takes to find every unsuitable value: each is noted and replaced by its default.
fn extract(
    defaults: &Layer,
    layers: &mut [Layer],
    problems: &mut Vec<Problem>,
) -> Result<Settings, ConfigError> {
    loop {
        let merged = layers.iter().fold(Figment::from(defaults), |merged, layer| merged.merge(layer));
        let error = match merged.extract::<Settings>() {
            Ok(settings) => return Ok(settings),
            Err(error) => error,
        };
        // Within a list, the path goes on with the place in it.
        let joined = |levels| error.path.iter().take(levels).cloned().collect::<Vec<_>>().join(".");
        let key = joined(2);
        // An office goes as a whole, but its complaint names what is wrong with it.
        let is_free = error.path.first().is_some_and(|section| section == FREE_SECTION);
        let named = if is_free { joined(3) } else { key.clone() };
        let origin = origin_of(&key, layers);
        let complaint = complaint_about(&key, error.kind);
        problems.push(Problem { origin: origin.clone(), key: named, complaint });
        let Some(culprit) = layers.iter_mut().find(|layer| layer.origin == origin) else {
            // The defaults themselves: nothing is left to replace them with.
            return Err(ConfigError::Unsuitable(std::mem::take(problems)));
        };
        culprit.remove(&key);
    }
}

/// Who has the last word on a key.
fn origin_of(key: &str, layers: &[Layer]) -> Origin {
    layers
        .iter()
        .rev()
        .find(|layer| layer.get(key).is_some())
        .map_or(Origin::Defaults, |layer| layer.origin.clone())
}

fn complaint_about(key: &str, kind: Kind) -> Complaint {
    let (found, wanted) = match kind {
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => (Some(shown(&found)), wanted),
        other => (None, other.to_string()),
    };
    let found = found.filter(|_| !SECRET_KEYS.contains(&key));
    Complaint::Unsuitable { found, wanted }
}

fn shown(found: &Actual) -> String {
    match found {
        Actual::Str(text) => format!("{text:?}"),
        Actual::Bool(value) => value.to_string(),
        Actual::Unsigned(number) => number.to_string(),
        Actual::Signed(number) => number.to_string(),
        Actual::Float(number) => number.to_string(),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeDelta;

    use super::*;
    use crate::config::{LogFormat, SealingKeySource};
    use crate::domain::password_policy::PasswordPolicy;

    const DEFAULT_TOML: &str = include_str!("../../config/default.toml");

    fn with_variable(name: &str, value: &str) -> Result<Settings, ConfigError> {
        Sources::only_defaults().with_environment([(name, value)]).load()
    }

    fn in_file(toml: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("iok-id.toml");
        std::fs::write(&path, toml).expect("a file");
        (folder, path)
    }

    fn problems(loaded: Result<Settings, ConfigError>) -> Vec<String> {
        match loaded {
            Err(ConfigError::Unsuitable(problems)) => problems.iter().map(Problem::to_string).collect(),
            other => panic!("expected problems: {other:?}"),
        }
    }

    #[test]
    fn the_defaults_are_good_and_what_the_documents_say() {
        let settings = Sources::only_defaults().load().expect("good defaults");
        assert_eq!(settings.server.listen().to_string(), "127.0.0.1:8080");
        assert_eq!(settings.server.issuer().as_str(), "http://localhost:8080");
        assert_eq!(settings.password_policy.policy(), PasswordPolicy::default());
        assert_eq!(settings.lockout.rules().failures, 5);
        assert_eq!(settings.lockout.wait(), Duration::from_secs(10));
        assert_eq!(settings.session.absolute(), TimeDelta::hours(12));
        assert_eq!(settings.tokens.access_token(), TimeDelta::minutes(5));
        assert_eq!(settings.log.format(), LogFormat::Text);
        assert_eq!(settings.brand.phone(), None);
        assert!(settings.password_hashing.threads() >= 1);
        assert_eq!(settings.sealing.source(), SealingKeySource::File);
        assert_eq!(settings.sealing.key_file(), Path::new("secrets/sealing.key"));
    }

    #[test]
    fn every_key_is_explained() {
        let mut is_explained = false;
        for line in DEFAULT_TOML.lines() {
            match line.chars().next() {
                Some('#') => is_explained = true,
                None | Some('[') => is_explained = false,
                Some(_) => assert!(is_explained, "no comment above: {line}"),
            }
        }
    }

    #[test]
    fn an_unknown_key_names_its_source_and_its_neighbour() {
        let (_folder, path) = in_file("[server]\nlisen = \"127.0.0.1:1\"\n");
        let expected = format!("{}: unknown key server.lisen; did you mean server.listen?", path.display());
        assert_eq!(problems(Sources::only_defaults().with_file(&path).load()), [expected]);
        assert_eq!(
            problems(with_variable("IOK_ID__LOCKOUT__FAILURE", "3")),
            ["environment: unknown key IOK_ID__LOCKOUT__FAILURE; did you mean IOK_ID__LOCKOUT__FAILURES?"]
        );
    }

    #[test]
    fn an_unknown_key_finds_its_section() {
        let defaults = Layer::defaults().expect("good defaults");
        for (unknown, neighbour) in [
            ("server.code_seconds", "tokens.code_seconds"),
            ("listen", "server.listen"),
            ("servr.listen", "server.listen"),
            ("session.idle_minute", "session.idle_minutes"),
            ("tokens.acces_token_seconds", "tokens.access_token_seconds"),
            ("database.ur", "database.url"),
            ("log.f", "log.filter"),
            ("lockot", "lockout"),
        ] {
            assert_eq!(neighbour_of(unknown, &defaults), neighbour, "{unknown}");
        }
    }

    #[test]
    fn an_empty_section_is_fine_if_it_is_known() {
        let (_folder, path) = in_file("[server]\n[tokens]\n");
        assert!(Sources::only_defaults().with_file(&path).load().is_ok());
        let (_folder, path) = in_file("[servr]\n");
        let found = problems(Sources::only_defaults().with_file(&path).load());
        assert!(found.len() == 1 && found[0].contains("unknown key servr; did you mean server"), "{found:?}");
    }

    #[test]
    fn offices_are_named_freely_and_described_strictly() {
        let toml = "[calendar]\nclosed_days = [\"2026-12-31\"]\n[offices.\"Administracja nr 1 (ul. Polna)\"]\n\
                    address = \"ul. Polna 1\"\nmonday = \"8-16:30\"\n[offices.Ratusz]\n";
        let (_folder, path) = in_file(toml);
        let settings = Sources::only_defaults().with_file(&path).load().expect("good settings");
        let names: Vec<&str> = settings.offices.names().collect();
        assert_eq!(names, ["Administracja nr 1 (ul. Polna)", "Ratusz"]);
        let calendar = settings.house_calendar();
        let first = &calendar.offices["Administracja nr 1 (ul. Polna)"];
        assert_eq!(first.address.as_deref(), Some("ul. Polna 1"));
        let mut expected = calendar.hours;
        expected.0[0] = "8-16:30".parse().expect("hours");
        assert_eq!(first.hours, Some(expected), "the other days are the house's");
        assert_eq!(calendar.offices["Ratusz"].hours, Some(calendar.hours));

        let toml = "[calendar]\nmonday = \"from seven\"\ntime_zone = \"Swietochlowice\"\nclosed_days = [\"31.12.2026\"]\n\
                    [offices.One]\nadres = \"x\"\nmonday = \"9-8\"\n[offices.Two]\nclosed_days = \"2026-12-31\"\n[offices]\nThree = 3\n";
        let (_folder, path) = in_file(toml);
        let found = problems(Sources::only_defaults().with_file(&path).load());
        for expected in [
            "calendar.monday is \"from seven\"; wanted is opening hours such as",
            "calendar.time_zone is \"Swietochlowice\"; wanted is a time zone such as",
            "calendar.closed_days is \"31.12.2026\"; wanted is a list of dates such as",
            "unknown key offices.One.adres; did you mean offices.One.address?",
            "offices.One.monday is \"9-8\"; wanted is opening hours such as",
            "offices.Two.closed_days is \"2026-12-31\"; wanted is",
            "offices.Three is 3; wanted is",
        ] {
            assert!(found.iter().any(|problem| problem.contains(expected)), "{expected}: {found:#?}");
        }
        assert_eq!(found.len(), 7, "{found:#?}");

        let (_folder, path) = in_file("[offices.\" Ratusz\"]\n");
        let found = problems(Sources::only_defaults().with_file(&path).load());
        assert!(found.len() == 1 && found[0].contains("without spaces"), "{found:?}");
        let found = problems(with_variable("IOK_ID__OFFICES__RATUSZ__PHONE", "1"));
        assert!(found.len() == 1 && found[0].contains("write offices into the file"), "{found:?}");
    }

    #[test]
    fn a_deeper_or_shallower_variable_is_unknown_too() {
        assert!(problems(with_variable("IOK_ID__SERVER__LISTEN__PORT", "1"))[0].contains("unknown key"));
        assert!(problems(with_variable("IOK_ID__SERVER", "1"))[0].contains("a section, [server]"));
        assert!(with_variable("IOK_ID_PORT", "tcp://10.0.0.1").is_ok(), "only the double underscore is ours");
    }

    #[test]
    fn the_environment_beats_the_file_and_the_command_line_beats_both() {
        let (_folder, path) = in_file("[lockout]\nfailures = 7\nwindow_minutes = 3\nlock_minutes = 2\n");
        let sources = Sources::only_defaults()
            .with_file(&path)
            .with_environment([("IOK_ID__LOCKOUT__FAILURES", "8"), ("IOK_ID__LOCKOUT__WINDOW_MINUTES", "4")])
            .overriding("lockout.failures", "9");
        let rules = sources.load().expect("good settings").lockout.rules();
        assert_eq!(
            (rules.failures, rules.window, rules.lock),
            (9, TimeDelta::minutes(4), TimeDelta::minutes(2))
        );
        assert_eq!(rules.lease, TimeDelta::seconds(60), "the default");
    }

    #[test]
    fn the_environment_is_read_by_the_kind_of_its_key() {
        let settings = Sources::only_defaults()
            .with_environment([
                ("IOK_ID__BRAND__PHONE", "322450000"),
                ("IOK_ID__PASSWORD_POLICY__NEEDS_SPECIAL", "false"),
                ("IOK_ID__PASSWORD_POLICY__DENIED_WORDS", "[kopalnia, \"huta\"]"),
                ("IOK_ID__LOG__FORMAT", "json"),
            ])
            .load()
            .expect("good settings");
        assert_eq!(settings.brand.phone(), Some("322450000"));
        assert_eq!(settings.log.format(), LogFormat::Json);
        let policy = settings.password_policy.policy();
        assert!(!policy.needs_special);
        assert_eq!(policy.denied_words, ["kopalnia", "huta"]);
    }

    #[test]
    fn all_unsuitable_values_are_told_at_once_with_what_is_wanted() {
        let toml = "[server]\nlisten = \"localhost\"\nissuer = \"https://id.example.org/\"\n[lockout]\nfailures = 0\n\
                    [tokens]\naccess_token_seconds = 301\ncode_seconds = \"60\"\n[password_policy]\nneeds_digit = 1\n\
                    maximum = 8\n[log]\nformat = \"xml\"\nfilter = \"iok_id=loud\"\n[brand]\ncompany_name = \"\"\n";
        let (_folder, path) = in_file(toml);
        let found = problems(Sources::only_defaults().with_file(&path).load());
        for expected in [
            "server.listen is \"localhost\"; wanted is an IP address and a port",
            "server.issuer is \"https://id.example.org/\"; wanted is an address without a slash at its end",
            "lockout.failures is 0; wanted is a whole number from 1 to 1000",
            "tokens.access_token_seconds is 301; wanted is a whole number from 1 to 300",
            "tokens.code_seconds is \"60\"; wanted is a whole number from 1 to 60",
            "password_policy.needs_digit is 1; wanted is a boolean",
            "password_policy.maximum is 8; wanted is a whole number from 12 to 128",
            "log.format is \"xml\"; wanted is `text` or `json`",
            "log.filter is \"iok_id=loud\"; wanted is a level",
            "brand.company_name is \"\"; wanted is a name",
        ] {
            let starts_with_file = |problem: &&String| problem.starts_with(&path.display().to_string());
            assert!(
                found.iter().filter(starts_with_file).any(|problem| problem.contains(expected)),
                "{expected}: {found:#?}"
            );
        }
        assert_eq!(found.len(), 10, "{found:#?}");
    }

    #[test]
    fn variables_that_do_not_parse_say_what_is_wanted() {
        assert_eq!(
            problems(with_variable("IOK_ID__LOCKOUT__FAILURES", "many")),
            ["environment: IOK_ID__LOCKOUT__FAILURES is \"many\"; wanted is a whole number from 1 to 1000"]
        );
        assert_eq!(
            problems(with_variable("IOK_ID__LOCKOUT__FAILURES", "-1")),
            ["environment: IOK_ID__LOCKOUT__FAILURES is -1; wanted is a whole number from 1 to 1000"]
        );
    }

    #[test]
    fn keys_that_do_not_go_together_are_told() {
        let conflict = |pairs: &[(&str, &str)]| {
            let sources = pairs
                .iter()
                .fold(Sources::only_defaults(), |sources, (key, value)| sources.overriding(*key, *value));
            problems(sources.load())
        };
        let key = "A".repeat(43);
        for (pairs, named) in [
            (vec![("server.issuer", "http://id.example.org")], "server.allow_insecure_issuer"),
            (vec![("password_policy.minimum", "13")], "password_policy.maximum"),
            (vec![("password_hashing.memory_kib", "7168")], "35840"),
            (vec![("lockout.wait_seconds", "30")], "server.request_timeout_seconds"),
            (vec![("session.idle_minutes", "90"), ("session.absolute_hours", "1")], "session.absolute_hours"),
            (vec![("sealing.key", key.as_str()), ("sealing.key_file", "k")], "sealing.key is set too"),
        ] {
            let found = conflict(&pairs);
            assert!(found.len() == 1 && found[0].contains(named), "{pairs:?}: {found:?}");
        }
        let insecure = Sources::only_defaults()
            .overriding("server.issuer", "http://id.example.org")
            .overriding("server.allow_insecure_issuer", "true");
        assert!(insecure.load().is_ok());
    }

    #[test]
    fn a_missing_file_says_its_path() {
        let missing = Path::new("/nonexistent/iok-id.toml");
        let error = Settings::load(Some(missing)).expect_err("there is no such file");
        assert!(error.to_string().contains("/nonexistent/iok-id.toml"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_toml_says_its_line_and_shows_nothing_of_it() {
        let (_folder, path) = in_file("[database]\nurl = \"postgres://iok:hunter2@db/iok\n");
        let error = Sources::only_defaults().with_file(&path).load().expect_err("an open string");
        assert!(matches!(error, ConfigError::Syntax { line: 2 | 3, .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }

    #[test]
    fn secrets_show_neither_in_errors_nor_in_debug_output() {
        for (key, value) in [("database.url", "mysql://iok:hunter2@db/iok"), ("sealing.key", "hunter2")] {
            let found = problems(Sources::only_defaults().overriding(key, value).load());
            assert!(found[0].contains(key) && !found[0].contains("hunter2"), "{found:?}");
        }
        let key = "q".repeat(42) + "o";
        let settings = Sources::only_defaults()
            .overriding("database.url", "postgres://iok:hunter2@db/iok")
            .overriding("sealing.key", key.clone())
            .load()
            .expect("good settings");
        let shown = format!("{settings:?}");
        assert!(!shown.contains("hunter2") && !shown.contains(&key), "{shown}");
        match settings.sealing.source() {
            SealingKeySource::Given(given) => assert_eq!(given.expose(), key),
            SealingKeySource::File => panic!("a key was given"),
        }
    }

    #[test]
    fn the_key_file_lies_beside_the_configuration() {
        let (folder, path) = in_file("");
        let settings = Sources::only_defaults().with_file(&path).load().expect("good settings");
        assert_eq!(settings.sealing.key_file(), folder.path().join("secrets/sealing.key"));

        let (folder, path) = in_file("[sealing]\nkey_file = \"keys/one\"\n");
        let settings = Sources::only_defaults().with_file(&path).load().expect("good settings");
        assert_eq!(settings.sealing.key_file(), folder.path().join("keys/one"));

        let (_folder, path) = in_file("[sealing]\nkey_file = \"/etc/iok-id/key\"\n");
        let settings = Sources::only_defaults().with_file(&path).load().expect("good settings");
        assert_eq!(settings.sealing.key_file(), Path::new("/etc/iok-id/key"));
    }
}
