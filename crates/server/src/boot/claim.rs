//! A data folder has one server of a kind at a time. The claim is a lock on a file, which the system lets go of with
//! the process, however it ends.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use super::StartError;

/// The claim of `tact serve`.
pub(super) const SERVE: &str = "serve.lock";
/// The claim of `tact cti serve`, which may share a folder with the former.
pub(super) const CTI: &str = "cti.lock";

/// Held as long as the server runs.
#[derive(Debug)]
pub(super) struct Claim {
    _file: File,
}

impl Claim {
    /// Makes the folder when it is missing, and claims it.
    pub(super) fn take(folder: &Path, name: &str) -> Result<Claim, StartError> {
        let shown = || folder.display().to_string();
        let failed = |source: io::Error| StartError::Folder {
            folder: shown(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let file = File::create(folder.join(name)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Claim { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse { folder: shown() }),
            // A file system without locks, such as some network mounts: better unprotected than not at all.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                tracing::warn!(folder = shown(), "the data folder cannot be locked");
                Ok(Claim { _file: file })
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_server_of_a_kind() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let first = Claim::take(&data, SERVE).unwrap();
        let second = Claim::take(&data, SERVE).unwrap_err();
        assert!(matches!(second, StartError::InUse { .. }), "{second}");
        let beside = Claim::take(&data, CTI).unwrap();
        drop((first, beside));
        Claim::take(&data, SERVE).unwrap();
    }
}
