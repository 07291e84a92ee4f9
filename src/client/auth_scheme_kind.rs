//! The schemes of authentication that the client knows.

/// A scheme of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthSchemeKind {
    Basic,
    Bearer,
}

impl AuthSchemeKind {
    const ALL: [Self; 2] = [Self::Basic, Self::Bearer];

    /// Its name in an `Authorization` header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Bearer => "Bearer",
        }
    }

    /// The scheme of an `Authorization` header; none for a scheme that the client does not know.
    pub fn of_header(value: &str) -> Option<Self> {
        let name = value.split(' ').next().unwrap_or_default();
        let mut all = Self::ALL.into_iter();
        all.find(|scheme| scheme.name().eq_ignore_ascii_case(name))
    }
}
