//! Tells whether files changed since they were last used, by their content.

use anyhow::{Context, Result};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Stands for the names and contents of some files. It detects change; it does not withstand an attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of these files, and of all files below those that are folders. What does not exist counts as such.
    pub fn of_files(paths: &[PathBuf]) -> Result<Fingerprint> {
        let mut hasher = DefaultHasher::new();
        for path in paths {
            hash_path(path, &mut hasher)?;
        }
        Ok(Fingerprint(hasher.finish()))
    }

    /// The same, and of one more text.
    pub fn with_text(self, text: &str) -> Fingerprint {
        let mut hasher = DefaultHasher::new();
        (self.0, text).hash(&mut hasher);
        Fingerprint(hasher.finish())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

fn hash_path(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        for child in sorted_children(path)? {
            hash_path(&child, hasher)?;
        }
    } else if path.exists() {
        let content = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        // Only the name: the same files in another clone are the same files.
        (path.file_name(), content).hash(hasher);
    }
    Ok(())
}

/// What a folder holds, in an order that does not depend on the file system.
pub fn sorted_children(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let mut children = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    children.sort();
    Ok(children)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_content_or_name_is_noticed_and_touching_is_not() {
        let dir = std::env::temp_dir().join(format!("fanlight-fingerprint-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("inner")).unwrap();
        let print = || Fingerprint::of_files(&[dir.clone(), dir.join("missing")]).unwrap();

        std::fs::write(dir.join("inner/a"), "1").unwrap();
        let first = print();
        std::fs::write(dir.join("inner/a"), "1").unwrap();
        assert_eq!(print(), first, "touched");
        std::fs::write(dir.join("inner/a"), "2").unwrap();
        assert_ne!(print(), first, "changed");
        std::fs::write(dir.join("inner/a"), "1").unwrap();
        std::fs::rename(dir.join("inner/a"), dir.join("inner/b")).unwrap();
        assert_ne!(print(), first, "renamed");

        std::fs::remove_dir_all(&dir).unwrap();
    }
}
