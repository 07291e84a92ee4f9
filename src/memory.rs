//! Memory that the system takes back once it is free.

/// How large a piece is at least that is given back, in bytes: above what glibc's M_MMAP_THRESHOLD may ever rise to. What
/// is not written to takes up nothing; of smaller pieces the allocator keeps as much as it ever had in use at once, for
/// each thread.
pub const MMAP_CHUNK: usize = 33 * 1024 * 1024;
