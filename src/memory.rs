//! Memory that returns to the system when it is freed.

/// The smallest allocation that returns to the system, in bytes: above the maximum of glibc's M_MMAP_THRESHOLD. Pages that are
/// not written to use no memory. The allocator keeps smaller allocations for reuse, in each thread.
pub const MMAP_CHUNK: usize = 33 * 1024 * 1024;
