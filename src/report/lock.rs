//! Locks of files and folders between processes.

use std::fs::File;

/// Who has a file or a folder to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// This process, and those that inherit the open file, until all of them closed it.
    Ours,
    /// Another process.
    Taken,
    /// Nobody: the system or the file system has no locks.
    Missing,
}

/// Locks an open file or folder, unless another process has it.
#[cfg(unix)]
pub fn lock(file: &File) -> Lock {
    use rustix::fs::{FlockOperation, flock};
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Lock::Ours,
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Lock::Taken,
        Err(_) => Lock::Missing,
    }
}

/// Locks an open file or folder, unless another process has it.
#[cfg(not(unix))]
pub fn lock(_: &File) -> Lock {
    Lock::Missing
}
