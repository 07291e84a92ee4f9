//! A new folder in the place of an old one.

use std::fs;
use std::io;
use std::path::Path;

/// Puts the folder `new` in the place `to`. What was there is then in `new`, or in `old`, which must not exist.
///
/// Linux and macOS exchange the two in one step: at every moment, the place has one of them. Where the system or the file
/// system has no exchange, there are two renames, and between them the place does not exist. It never has a part of a folder.
///
/// # Errors
/// When a folder cannot be moved. What was there is back in its place, unless it cannot be moved either.
pub fn replace(to: &Path, new: &Path, old: &Path) -> io::Result<()> {
    if !to.exists() {
        return fs::rename(new, to);
    }
    if exchanged(new, to) {
        return Ok(());
    }
    rename_twice(to, new, old)
}

fn rename_twice(to: &Path, new: &Path, old: &Path) -> io::Result<()> {
    fs::rename(to, old)?;
    fs::rename(new, to).inspect_err(|_| {
        // The first error is the one to tell.
        let _ = fs::rename(old, to);
    })
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchanged(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchanged(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// A folder with a file that says its name.
    fn folder(root: &Path, name: &str) -> PathBuf {
        let folder = root.join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("index.html"), name).unwrap();
        folder
    }

    fn content(folder: &Path) -> String {
        fs::read_to_string(folder.join("index.html")).unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_reader_finds_the_old_folder_or_the_new_one_at_every_moment() {
        let dir = tempfile::tempdir().unwrap();
        let (to, new) = (folder(dir.path(), "one"), folder(dir.path(), "two"));
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut reads = 0;
                while !over.load(Ordering::Relaxed) || reads == 0 {
                    let found = content(&to);
                    assert!(found == "one" || found == "two", "{found}");
                    reads += 1;
                }
            });
            for _ in 0..500 {
                // What was in the place is then in `new`.
                replace(&to, &new, &dir.path().join("old")).unwrap();
            }
            over.store(true, Ordering::Relaxed);
            reader.join().unwrap();
        });
    }

    #[test]
    fn a_place_may_be_free_and_a_failure_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (to, old) = (dir.path().join("site"), dir.path().join("old"));
        replace(&to, &folder(dir.path(), "one"), &old).unwrap();
        assert_eq!(content(&to), "one");
        let missing = dir.path().join("missing");
        assert!(replace(&to, &missing, &old).is_err());
        assert_eq!(content(&to), "one");
        rename_twice(&to, &folder(dir.path(), "two"), &old).unwrap();
        assert_eq!(
            (content(&to), content(&old)),
            ("two".to_owned(), "one".to_owned())
        );
    }
}
