//! The folders of a trial, and what the placeholders of an adapter stand for in it.

use std::path::{Path, PathBuf};

use super::asked::Asked;
use super::client_environment::ClientEnvironment;
use super::content::Content;
use super::layer::{UNTOUCHED, VICTIM};
use super::placeholders::Values;
use super::secrets::{Secrets, USER};
use super::setup::{ARTIFACT_TYPE, TAG};

/// The folders of a trial.
pub struct TrialFolders {
    pub home: PathBuf,
    pub out: PathBuf,
    pub layout: PathBuf,
    pub temporary: PathBuf,
    /// Where hostile paths lead.
    pub outside: PathBuf,
    pub archive: PathBuf,
    pub file: PathBuf,
}

impl TrialFolders {
    /// Makes them in the folder of a trial.
    ///
    /// # Errors
    /// When one cannot be made.
    pub fn make(folder: &Path) -> std::io::Result<Self> {
        let below = |name: &str| {
            let path = folder.join(name);
            std::fs::create_dir_all(&path).map(|()| path)
        };
        let outside = below("outside")?;
        std::fs::write(outside.join(VICTIM), UNTOUCHED)?;
        Ok(Self {
            home: below("home")?,
            out: below("out")?,
            layout: below("layout")?,
            temporary: below("tmp")?,
            outside,
            archive: folder.join("image.tar"),
            file: folder.join("home/attached.txt"),
        })
    }
}

/// The registry of a trial, as a client sees it.
pub struct Address<'a> {
    /// `host:port`.
    pub host: &'a str,
    /// The repository.
    pub name: &'a str,
}

/// What the placeholders of a trial's commands stand for.
pub fn values(
    client: &ClientEnvironment<'_>,
    asked: &Asked,
    content: &Content,
    address: &Address<'_>,
    folders: &TrialFolders,
    secrets: &Secrets,
) -> Values {
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let (root, media_type) = content.root();
    let Address { host, name } = address;
    let repository = format!("{host}/{name}");
    let image = match asked.by_digest {
        true => format!("{repository}@{}", root.digest),
        false => format!("{repository}:{TAG}"),
    };
    let mut values = client.values();
    values.extend([
        ("archive", shown(&folders.archive)),
        ("artifact-type", ARTIFACT_TYPE.to_owned()),
        ("basic", secrets.basic()),
        ("copy", format!("{repository}-copy:{TAG}")),
        ("digest", root.digest.clone()),
        ("file", shown(&folders.file)),
        ("home", shown(&folders.home)),
        ("host", (*host).to_owned()),
        ("image", image),
        ("layout", shown(&folders.layout)),
        ("manifest-type", media_type.to_owned()),
        ("name", (*name).to_owned()),
        ("out", shown(&folders.out)),
        ("password", secrets.password().to_owned()),
        ("repository", repository),
        ("tag", TAG.to_owned()),
        ("user", USER.to_owned()),
    ]);
    values
}
