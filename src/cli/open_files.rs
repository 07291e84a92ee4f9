//! How many files and connections the process may have open.

/// The limit that suffices: each request of the highest `--jobs` has a connection, and the bundled registry the other end.
#[cfg(unix)]
const ENOUGH: u64 = 2048;

/// Raises the limit of this process to [`ENOUGH`], or to what the system permits. Some systems set 256 for each process, and a
/// run beyond the limit has connections that fail.
#[cfg(unix)]
pub fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // No value means no limit.
    let Some(current) = limit.current else { return };
    let wanted = limit.maximum.map_or(ENOUGH, |most| most.min(ENOUGH));
    if current < wanted {
        let raised = Rlimit {
            current: Some(wanted),
            maximum: limit.maximum,
        };
        // A system that refuses keeps its limit: the run has fewer connections then.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

/// Does nothing: the system has no such limit.
#[cfg(not(unix))]
pub fn raise_limit() {}
