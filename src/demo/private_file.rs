//! Files that only their owner may read, and that are never half written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Makes a folder, and those above it, with mode 0700; one that is there stays as it is.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Where a file's next content is until it is complete.
pub(super) fn draft_of(path: &Path) -> PathBuf {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".draft");
    draft.into()
}

/// Replaces a file's content as a whole, with mode 0600. When this returns, it has reached the disk: neither a killed
/// process nor a power cut leaves anything but the old content or the new.
pub(super) fn write(path: &Path, content: &str) -> io::Result<()> {
    let draft = draft_of(path);
    // One from a process that was killed; `create_new` below must not meet it, nor follow a link that stands there.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    // The new name is an entry of the folder, which has to reach the disk as well.
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// The content, or `None` if there is no such file.
pub(super) fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_private() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("letters.txt");
        assert_eq!(read(&path)?, None);
        write(&path, "first")?;
        fs::write(draft_of(&path), "half wri")?;
        write(&path, "second")?;
        assert_eq!(read(&path)?.as_deref(), Some("second"));
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
        assert!(!draft_of(&path).exists());
        Ok(())
    }

    #[test]
    fn a_draft_that_is_a_link_is_not_followed() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("letters.txt");
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, draft_of(&path))?;
        write(&path, "secret")?;
        assert!(!elsewhere.exists());
        assert_eq!(read(&path)?.as_deref(), Some("secret"));
        Ok(())
    }

    #[test]
    fn a_new_folder_is_private() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("deep/down");
        create_folder(&path)?;
        create_folder(&path)?;
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o700);
        Ok(())
    }
}
