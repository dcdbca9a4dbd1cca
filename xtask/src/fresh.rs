//! Knows whether something made earlier is still fresh: a stamp holds the digest of everything it was made from.

use crate::Done;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The digest of a thing's inputs, beside the thing.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Reads the inputs (files, or folders with all they hold) and whatever else decides the outcome, such as versions.
    pub(crate) fn new(file: PathBuf, inputs: &[PathBuf], else_decides: &str) -> Done<Self> {
        let mut hash = Sha256::new();
        hash.update(else_decides.as_bytes());
        for input in inputs {
            add(&mut hash, input)?;
        }
        let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { file, digest })
    }

    /// Whether the kept stamp is of these very inputs.
    pub(crate) fn holds(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept.trim() == self.digest)
    }

    /// Keeps the stamp, once the thing is whole.
    pub(crate) fn keep(&self) -> Done {
        write(&self.file, self.digest.as_bytes())
    }
}

fn add(hash: &mut Sha256, path: &Path) -> Done {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
            .map_err(|why| format!("{} can't be read: {why}", path.display()))?;
        inside.sort();
        return inside.iter().try_for_each(|path| add(hash, path));
    }
    let bytes = read(path)?;
    hash.update(path.to_string_lossy().as_bytes());
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(&bytes);
    Ok(())
}

/// Reads a file; the error names it.
pub(crate) fn read(path: &Path) -> Done<Vec<u8>> {
    fs::read(path).map_err(|why| format!("{} can't be read: {why}", path.display()))
}

/// Writes a file in one step (a reader sees the old one or the new one), with the folders it needs.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Done {
    let told = |why: std::io::Error| format!("{} can't be written: {why}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(told)?;
    }
    let mut half = path.as_os_str().to_owned();
    half.push(format!(".{}", std::process::id()));
    fs::write(&half, bytes).and_then(|()| fs::rename(&half, path)).map_err(told)
}
