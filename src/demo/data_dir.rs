//! The folder that the demo keeps its data in: its own, locked while it runs.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::error::DemoError;
use super::private_file;

/// Marks a folder as a demo's, and is locked by the one that runs on it.
const LOCK: &str = "demo.lock";
const LETTERS: &str = "letters.txt";
const DATABASE_FOLDER: &str = "database";
const DATABASE: &str = "iok-id.sqlite";
const SECRETS_FOLDER: &str = "secrets";
const SEALING_KEY: &str = "sealing.key";
const CLIENT_SECRETS: &str = "clients.json";

/// A folder of which this process is the only user for as long as the value lives.
#[derive(Debug)]
pub(super) struct DataDir {
    folder: PathBuf,
    /// Held, not used: the operating system gives the lock up when the process ends, however it ends.
    _lock: File,
}

impl DataDir {
    /// Makes the folder if need be, and locks it. With `fresh`, removes what an earlier demo has made in it.
    ///
    /// # Errors
    /// If the folder cannot be written to, another demo runs on it, or it has files of these names that no demo made.
    pub(super) fn open(folder: &Path, fresh: bool) -> Result<Self, DemoError> {
        let unwritable = |source| DemoError::Unwritable { folder: folder.to_owned(), source };
        private_file::create_folder(folder).map_err(unwritable)?;
        // One name for it, whatever directory the process is in.
        let folder = &fs::canonicalize(folder).map_err(unwritable)?;
        // The path becomes part of a database address, where these two mean something else.
        if folder.to_str().is_none_or(|path| path.contains(['?', '%'])) {
            return Err(DemoError::UnsuitablePath { folder: folder.clone() });
        }
        refuse_strange_files(folder)?;
        let lock = lock(folder)?;
        let data_dir = Self { folder: folder.clone(), _lock: lock };
        if fresh {
            data_dir.remove_what_a_demo_made()?;
        }
        for part in [DATABASE_FOLDER, SECRETS_FOLDER] {
            private_file::create_folder(&folder.join(part)).map_err(unwritable)?;
        }
        Ok(data_dir)
    }

    /// Absolute, and good as a part of a database address.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn letters(&self) -> PathBuf {
        self.folder.join(LETTERS)
    }

    pub(super) fn database(&self) -> PathBuf {
        self.folder.join(DATABASE_FOLDER).join(DATABASE)
    }

    /// Apart from the database: whoever copies that folder does not take the key along.
    pub(super) fn sealing_key(&self) -> PathBuf {
        self.folder.join(SECRETS_FOLDER).join(SEALING_KEY)
    }

    pub(super) fn client_secrets(&self) -> PathBuf {
        self.folder.join(SECRETS_FOLDER).join(CLIENT_SECRETS)
    }

    /// By name, never by folder: what somebody else has put there stays.
    ///
    /// The database goes first. Killed in between, the next start finds either everything as it was, or letters
    /// without accounts, and makes the accounts again.
    fn remove_what_a_demo_made(&self) -> Result<(), DemoError> {
        let database = self.database();
        let with_suffix = |suffix: &str| {
            let mut path = database.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        };
        let made = [
            database.clone(),
            with_suffix("-wal"),
            with_suffix("-shm"),
            with_suffix("-journal"),
            self.sealing_key(),
            self.letters(),
            private_file::draft_of(&self.letters()),
            self.client_secrets(),
            private_file::draft_of(&self.client_secrets()),
        ];
        for path in made {
            // A linked folder is somewhere else, and what is there is not the demo's.
            if path.parent().is_some_and(|parent| parent != self.folder && parent.is_symlink()) {
                continue;
            }
            match fs::remove_file(&path) {
                Err(error) if !is_absent(&error) => return Err(DemoError::File { path, source: error }),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Files of our names in a folder without our mark belong to somebody: they are neither used nor, later, removed.
fn refuse_strange_files(folder: &Path) -> Result<(), DemoError> {
    if folder.join(LOCK).exists() {
        return Ok(());
    }
    match [LETTERS, DATABASE_FOLDER, SECRETS_FOLDER]
        .map(|name| folder.join(name))
        .into_iter()
        .find(|path| path.exists())
    {
        Some(path) => Err(DemoError::NotOurs { path }),
        None => Ok(()),
    }
}

fn lock(folder: &Path) -> Result<File, DemoError> {
    let unwritable = |source| DemoError::Unwritable { folder: folder.to_owned(), source };
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(folder.join(LOCK))
        .map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DemoError::AlreadyRunning { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unwritable(source)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(error: &DemoError) -> String {
        let line = error.to_string();
        assert!(!line.contains('\n'), "{line}");
        line
    }

    #[test]
    fn a_second_demo_on_the_same_folder_is_refused_until_the_first_ends() -> anyhow::Result<()> {
        let parent = tempfile::tempdir()?;
        let folder = parent.path().join("demo");
        let first = DataDir::open(&folder, false)?;
        let refused = DataDir::open(&folder, true).expect_err("the folder is in use");
        assert!(matches!(refused, DemoError::AlreadyRunning { .. }), "{}", line(&refused));
        drop(first);
        DataDir::open(&folder, false)?;
        Ok(())
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_refused_in_one_line() -> anyhow::Result<()> {
        let parent = tempfile::tempdir()?;
        let file = parent.path().join("file");
        fs::write(&file, "")?;
        for path in [file.clone(), file.join("below"), PathBuf::from("/proc/iok-id-demo")] {
            let refused = DataDir::open(&path, false).expect_err("no folder can be there");
            assert!(line(&refused).contains(&*path.to_string_lossy()), "{}", line(&refused));
        }
        Ok(())
    }

    #[test]
    fn fresh_removes_what_a_demo_made_and_nothing_else() -> anyhow::Result<()> {
        let parent = tempfile::tempdir()?;
        let folder = parent.path().join("demo");
        let demo = DataDir::open(&folder, false)?;
        let made = [demo.letters(), demo.database(), demo.sealing_key(), demo.client_secrets()];
        let kept = [folder.join("notes.txt"), folder.join("database/other.sqlite")];
        for path in made.iter().chain(&kept) {
            fs::write(path, "x")?;
        }
        drop(demo);
        drop(DataDir::open(&folder, false)?);
        assert!(made.iter().all(|path| path.exists()), "without --fresh everything stays");
        drop(DataDir::open(&folder, true)?);
        assert!(made.iter().all(|path| !path.exists()));
        assert!(kept.iter().all(|path| path.exists()));
        Ok(())
    }

    #[test]
    fn a_folder_with_somebodys_letters_is_neither_used_nor_emptied() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let letters = folder.path().join(LETTERS);
        fs::write(&letters, "Dear Ania")?;
        for fresh in [false, true] {
            let refused = DataDir::open(folder.path(), fresh).expect_err("these are not our letters");
            assert!(matches!(refused, DemoError::NotOurs { .. }), "{}", line(&refused));
        }
        assert_eq!(fs::read_to_string(&letters)?, "Dear Ania");
        Ok(())
    }

    #[test]
    fn fresh_does_not_follow_a_linked_folder() -> anyhow::Result<()> {
        let parent = tempfile::tempdir()?;
        let folder = parent.path().join("demo");
        drop(DataDir::open(&folder, false)?);
        let elsewhere = parent.path().join("elsewhere");
        fs::create_dir(&elsewhere)?;
        fs::write(elsewhere.join(DATABASE), "precious")?;
        fs::remove_dir(folder.join(DATABASE_FOLDER))?;
        std::os::unix::fs::symlink(&elsewhere, folder.join(DATABASE_FOLDER))?;
        drop(DataDir::open(&folder, true)?);
        assert!(elsewhere.join(DATABASE).exists());
        Ok(())
    }
}
