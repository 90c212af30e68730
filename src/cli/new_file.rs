//! Files that commands write.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// A file that is there whole or not at all: written aside, readable for its owner alone, and put into place when it is
/// done. What stands there already is never overwritten.
pub(super) struct NewFile {
    path: PathBuf,
    aside: PathBuf,
    file: File,
    is_done: bool,
}

impl NewFile {
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        if path.exists() {
            anyhow::bail!("{} is there already, and is not overwritten", path.display());
        }
        let mut aside = path.as_os_str().to_owned();
        aside.push(".part");
        let aside = PathBuf::from(aside);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&aside)
            .with_context(|| format!("{} cannot be written", aside.display()))?;
        Ok(Self { path: path.to_owned(), aside, file, is_done: false })
    }

    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        let cannot = || format!("{} cannot be written", self.path.display());
        self.file.sync_all().with_context(cannot)?;
        // A link fails if somebody else was quicker; a renaming would not.
        fs::hard_link(&self.aside, &self.path).with_context(cannot)?;
        self.is_done = true;
        fs::remove_file(&self.aside).with_context(cannot)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_done {
            let _gone_already = fs::remove_file(&self.aside);
        }
    }
}
