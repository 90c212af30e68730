//! The sealing key: from the configuration, or from a file that the first start makes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::config::{Sealing, SealingKeySource};
use crate::crypto::sealing::SealingKey;
use crate::domain::ambient::Ambient;
use crate::domain::ids::{AuditId, TypedId as _};
use crate::storage::keys::Sealed;

/// Loads the key. A file that is not there is made, unless the database holds what was sealed with another one: then a
/// new key would only hide that the right one is missing. A key that does not open what is there is refused.
pub(super) fn load_or_make(
    settings: &Sealing,
    ambient: &Ambient,
    sealed: &Sealed,
) -> anyhow::Result<SealingKey> {
    let file = settings.key_file();
    let key = match settings.source() {
        SealingKeySource::Given(text) => SealingKey::from_text(text.expose())?,
        SealingKeySource::File => match read(&file)? {
            Some(key) => key,
            None if sealed.by_purpose().next().is_some() => bail!(
                "the database holds what was sealed, but the sealing key {} is not there; put it back",
                file.display()
            ),
            None => {
                make(&file, ambient)
                    .with_context(|| format!("the sealing key {} cannot be made", file.display()))?;
                read(&file)?.with_context(|| format!("the sealing key {} has vanished", file.display()))?
            }
        },
    };
    if sealed.by_purpose().all(|(purpose, sealed)| key.open(purpose, sealed).is_ok()) {
        Ok(key)
    } else {
        bail!(
            "the database holds what the sealing key does not open; give the sealing key that belongs to this \
             database"
        )
    }
}

fn read(file: &Path) -> anyhow::Result<Option<SealingKey>> {
    match fs::read_to_string(file) {
        Ok(text) => {
            let key = SealingKey::from_text(&text)
                .with_context(|| format!("{} holds no sealing key", file.display()))?;
            Ok(Some(key))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("the sealing key {} cannot be read", file.display()))
        }
    }
}

/// Written aside and linked into place: of two first starts at once, one key wins whole, and both use it.
fn make(file: &Path, ambient: &Ambient) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.exists() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let unique: AuditId = ambient.new_id();
    let aside = folder.join(format!(".sealing-{}", unique.uuid().simple()));
    let mut written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    let text = SealingKey::generate_text(ambient.entropy());
    written.write_all(text.as_bytes())?;
    written.write_all(b"\n")?;
    written.sync_all()?;
    let linked = fs::hard_link(&aside, file);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }?;
    // The name, too, must survive a power cut: what it seals will.
    fs::File::open(folder)?.sync_all()
}
