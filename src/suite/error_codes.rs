//! The error codes of the specification.

/// The codes of the table (section "Error Codes").
pub const ERROR_CODES: [&str; 14] = [
    "BLOB_UNKNOWN",
    "BLOB_UPLOAD_INVALID",
    "BLOB_UPLOAD_UNKNOWN",
    "DIGEST_INVALID",
    "MANIFEST_BLOB_UNKNOWN",
    "MANIFEST_INVALID",
    "MANIFEST_UNKNOWN",
    "NAME_INVALID",
    "NAME_UNKNOWN",
    "SIZE_INVALID",
    "UNAUTHORIZED",
    "DENIED",
    "UNSUPPORTED",
    "TOOMANYREQUESTS",
];

/// Codes of Docker's protocol that may replace any other (section "Legacy Docker support error codes").
pub const LEGACY_ERROR_CODES: [&str; 2] = ["TAG_INVALID", "MANIFEST_UNVERIFIED"];
