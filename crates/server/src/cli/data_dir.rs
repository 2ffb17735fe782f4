//! Which data directory, and the store in it.

use super::DataArgs;
use crate::store::Store;
use crate::store::sqlite::{SqliteOptions, SqliteStore};
use anyhow::Context;
use directories::ProjectDirs;
use std::path::PathBuf;
use std::sync::Arc;

impl DataArgs {
    /// As given, or where this platform keeps application data (`~/.local/share/fanlight`, …).
    pub fn path(&self) -> anyhow::Result<PathBuf> {
        if let Some(dir) = &self.dir {
            return Ok(dir.clone());
        }
        let dirs =
            ProjectDirs::from("", "", "fanlight").context("there is no home directory; choose a place with --data")?;
        Ok(dirs.data_dir().to_owned())
    }

    /// Opens the store, making the directory when there is none.
    pub fn open(&self, options: SqliteOptions) -> anyhow::Result<Arc<dyn Store>> {
        let store = SqliteStore::open(&self.path()?, options)?;
        Ok(Arc::new(store))
    }
}
