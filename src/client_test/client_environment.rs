//! What all trials of a client share: how its commands, its environment and its files are written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::adapter::{FileText, LOGIN, PLAIN, TLS};
use super::asked::Asked;
use super::authority::Authority;
use super::format::{LoginKind, Transport};
use super::load_adapter::LoadedAdapter;
use super::placeholders::{Values, fill};
use super::switchboard::Switchboard;

/// What all trials of a client share.
pub struct ClientEnvironment<'a> {
    pub adapter: &'a LoadedAdapter,
    pub switchboard: &'a Switchboard,
    pub authority: &'a Authority,
    /// The folder of the client's daemon.
    pub service: &'a Path,
    /// PATH of the client's environment.
    pub path: &'a str,
    /// How long each command may run.
    pub limit: Duration,
}

/// How a registry wants to be spoken to.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionKind {
    pub login: bool,
    pub transport: Transport,
}

impl ConnectionKind {
    /// For commands that speak to no registry.
    pub const NONE: Self = Self {
        login: false,
        transport: Transport::Plain,
    };

    pub const fn of(asked: &Asked) -> Self {
        Self {
            login: !matches!(asked.login, LoginKind::None),
            transport: match asked.tls {
                None => Transport::Plain,
                Some(_) => Transport::Tls,
            },
        }
    }
}

impl ClientEnvironment<'_> {
    /// What placeholders of every command stand for.
    pub fn values(&self) -> Values {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        Values::from([
            ("ca", shown(&self.authority.file)),
            ("program", self.adapter.text.program.clone()),
            ("service", shown(self.service)),
        ])
    }

    /// The words of a command.
    pub fn words(
        &self,
        command: &[String],
        values: &Values,
        connection: ConnectionKind,
    ) -> Vec<String> {
        words(command, &self.adapter.text.login_words, values, connection)
    }

    /// The environment variables of a command.
    pub fn variables(
        &self,
        values: &Values,
        home: &Path,
        temporary: &Path,
    ) -> BTreeMap<String, String> {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        let proxy = self.switchboard.url();
        let loopback = "127.0.0.1,localhost,::1".to_owned();
        let mut environment = BTreeMap::from([
            ("PATH".to_owned(), self.path.to_owned()),
            ("HOME".to_owned(), shown(home)),
            ("TMPDIR".to_owned(), shown(temporary)),
            ("XDG_RUNTIME_DIR".to_owned(), shown(temporary)),
            ("HTTP_PROXY".to_owned(), proxy.clone()),
            ("http_proxy".to_owned(), proxy),
            ("NO_PROXY".to_owned(), loopback.clone()),
            ("no_proxy".to_owned(), loopback),
        ]);
        let own = self.adapter.text.environment.iter();
        environment.extend(own.map(|(name, value)| (name.clone(), fill(value, values))));
        environment
    }
}

/// Writes the files of a trial that its kind of connection needs.
///
/// # Errors
/// When one cannot be written.
pub fn write_files(
    files: &[FileText],
    values: &Values,
    connection: ConnectionKind,
) -> std::io::Result<()> {
    let wanted = files.iter().filter(|file| {
        (connection.login || !file.login)
            && file.transport.is_none_or(|it| it == connection.transport)
    });
    for file in wanted {
        write_file(&file.path, &file.text, values)?;
    }
    Ok(())
}

/// Writes a file, and the folders above it.
///
/// # Errors
/// When it cannot be written.
pub fn write_file(path: &str, text: &str, values: &Values) -> std::io::Result<()> {
    let path = PathBuf::from(fill(path, values));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, fill(text, values))
}

fn words(
    command: &[String],
    login: &[String],
    values: &Values,
    connection: ConnectionKind,
) -> Vec<String> {
    let mut words = Vec::new();
    for word in command {
        let (of, word) = match (word.strip_prefix(PLAIN), word.strip_prefix(TLS)) {
            (Some(rest), _) => (Transport::Plain, rest),
            (None, Some(rest)) => (Transport::Tls, rest),
            (None, None) => (connection.transport, word.as_str()),
        };
        match (of == connection.transport, word == LOGIN) {
            (false, _) => {}
            (true, false) => words.push(fill(word, values)),
            (true, true) if connection.login => {
                words.extend(login.iter().map(|word| fill(word, values)));
            }
            (true, true) => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_depends_on_the_kind_of_connection() {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let command = owned(&[
            "tea",
            "{plain}--plain",
            "{tls}--ca={ca}",
            "{login}",
            "{image}",
        ]);
        let login = owned(&["--user", "{user}"]);
        let values = Values::from([
            ("ca", "ca.crt".to_owned()),
            ("image", "h:1/a:v1".to_owned()),
            ("user", "assay".to_owned()),
        ]);
        assert_eq!(
            words(&command, &login, &values, ConnectionKind::NONE),
            ["tea", "--plain", "h:1/a:v1"]
        );
        let connection = ConnectionKind {
            login: true,
            transport: Transport::Tls,
        };
        assert_eq!(
            words(&command, &login, &values, connection),
            ["tea", "--ca=ca.crt", "--user", "assay", "h:1/a:v1"]
        );
    }
}
