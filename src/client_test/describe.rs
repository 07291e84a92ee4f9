//! Scenarios in words.

use super::asked::Asked;
use super::format::{
    Answer, Attached, BodyChange, CertificateKind, ContentKind, Judgement, LoginKind, OtherHost,
    Redirect, Requested, To,
};
use crate::registry::At;

impl Asked {
    /// What the client is asked for, and the kind of registry that it meets.
    pub fn describe(&self) -> String {
        let mut parts = vec![match self.by_digest {
            true => format!("{} by digest", self.action.name()),
            false => self.action.name().to_owned(),
        }];
        if self.filtered {
            parts.push("of one artifact type".to_owned());
        }
        parts.push(self.content.describe().to_owned());
        let attached = match self.attached {
            Attached::Nothing => None,
            Attached::Artifact => Some("with one artifact attached"),
            Attached::TwoArtifacts => Some("with two artifacts of different types attached"),
            Attached::NoList => Some("with a referrers tag that leads to no list"),
        };
        let login = match self.login {
            LoginKind::None => None,
            LoginKind::Basic => Some("the registry asks for a password"),
            LoginKind::Bearer => Some("the registry asks for a token"),
        };
        let tls = self.tls.map(|kind| match kind {
            CertificateKind::Trusted => "HTTPS",
            CertificateKind::UnknownAuthority => "HTTPS, certificate of an unknown authority",
            CertificateKind::OtherHost => "HTTPS, certificate for another host",
            CertificateKind::Expired => "HTTPS, certificate whose time is over",
        });
        let more = [attached, login, tls].into_iter().flatten();
        parts.extend(more.map(str::to_owned));
        parts.join(", ")
    }
}

impl ContentKind {
    const fn describe(self) -> &'static str {
        match self {
            Self::Image => "an image",
            Self::Index => "an index of one image",
            Self::SizeTooLarge => "an image whose manifest gives the layer a larger size",
            Self::SizeTooSmall => "an image whose manifest gives the layer a smaller size",
            Self::LargeLayer => "an image with a layer of 3 MiB",
            Self::LargeManifest => "an image with a manifest of nearly 4 MB",
            Self::NestedIndex => "an index of an index of one image",
            Self::Sha512 => "an image with digests of sha512",
            Self::Subject => "an image with a subject, and without artifactType",
            Self::PathParent => "an image with a layer that has a path with `..`",
            Self::PathAbsolute => "an image with a layer that has an absolute path",
            Self::PathThroughSymlink => {
                "an image with a layer that has a path through a symbolic link"
            }
            Self::PathOverSymlink => {
                "an image with a layer that has a file in the place of a symbolic link"
            }
            Self::PathHardlink => {
                "an image with a layer that has a file in the place of a hard link"
            }
        }
    }
}

impl To {
    /// The requests: `GET for the layer`.
    pub fn describe(&self) -> String {
        let mut words = self.method.clone().unwrap_or_else(|| "request".to_owned());
        if let Some(endpoint) = self.endpoint.filter(|_| self.content.is_none()) {
            words.push_str(match endpoint {
                At::Base => " for /v2/",
                At::Blob => " for a blob",
                At::Manifest => " for a manifest",
                At::ManifestByTag => " for a tag",
                At::ManifestByDigest => " for a manifest by digest",
                At::Uploads => " that opens an upload",
                At::Upload => " to an upload",
                At::TagList => " for a list of tags",
                At::Referrers => " for referrers",
                At::Catalog | At::Extensions => " outside of the specification",
            });
        }
        if let Some(content) = self.content {
            words.push_str(match content {
                Requested::Layer => " for the layer",
                Requested::Config => " for the config",
                Requested::Image => " for the image's manifest",
                Requested::Index => " for the index",
                Requested::InnerIndex => " for the inner index",
            });
        }
        if let Some(least) = self.sends {
            words.push_str(&format!(" with {least} bytes or more"));
        }
        if let Some(status) = self.status {
            words.push_str(&format!(" with status {status}"));
        }
        if let Some(host) = self.host {
            words.push_str(&format!(" at {}", host.describe()));
        }
        words
    }
}

impl OtherHost {
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Name => "the other host",
            Self::Port => "the other port",
        }
    }
}

impl Answer {
    /// The requests, and how their response differs.
    pub fn describe(&self) -> String {
        let mut parts: Vec<String> = self
            .status
            .iter()
            .map(|it| format!("status {it}"))
            .collect();
        let lines = self.before.iter().chain(&self.set);
        parts.extend(lines.map(|(name, value)| format!("{name}: {value}")));
        parts.extend(self.remove.iter().map(|name| format!("no {name}")));
        parts.extend(self.body.map(|body| body.describe().to_owned()));
        let location = self.location.map(OtherHost::describe);
        parts.extend(location.map(|host| format!("Location at {host}")));
        parts.extend(self.redirect.map(|redirect| {
            let to = match redirect {
                Redirect::Name => OtherHost::Name.describe(),
                Redirect::Port => OtherHost::Port.describe(),
                Redirect::Itself => "the same URL",
            };
            format!("redirect to {to}")
        }));
        if self.closes {
            parts.push("the connection is closed".to_owned());
        }
        let first = match self.first {
            None => String::new(),
            Some(1) => " (once)".to_owned(),
            Some(many) => format!(" ({many} times)"),
        };
        format!("{}{first}: {}", self.to.describe(), parts.join("; "))
    }
}

impl BodyChange {
    const fn describe(self) -> &'static str {
        match self {
            Self::Flip => "a body with one changed bit",
            Self::Truncate => "a body without its second half",
            Self::Pad => "a body with more bytes at its end",
            Self::Other => "the body of another image",
            Self::Empty => "an empty body",
            Self::Endless => "a body without end",
            Self::Root => "the body of the manifest under the tag",
            Self::Bomb => "a body that has a gigabyte, decompressed",
        }
    }
}

impl Judgement {
    /// What must hold, in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Refused => "the client fails, and keeps nothing of the wrong content".to_owned(),
            Self::Succeeds => "the client succeeds, and the action has its effect".to_owned(),
            Self::Ends => "the client ends".to_owned(),
            Self::Prints(printed) => match printed.at_most {
                None => format!("the client prints `{}`", printed.text),
                Some(most) => format!("the client prints `{}` {most} times at most", printed.text),
            },
            Self::KeepsCredentialsFrom(host) => {
                format!("no password and no token to {}", host.describe())
            }
            Self::TakesAtMost(bytes) => format!("the client takes at most {bytes} bytes"),
            Self::FindsNothing => "the client succeeds, and lists nothing".to_owned(),
            Self::StaysInside => "nothing changes outside of the destination".to_owned(),
            Self::IgnoresOrRefusesDigest => {
                "the client fails, or does not use the digest in the header".to_owned()
            }
            Self::Rule(_) => "the requests of the client obey it".to_owned(),
        }
    }
}
