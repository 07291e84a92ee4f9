//! README.md: the command that repeats the run.

use crate::client::quote;
use crate::record::Run;

use super::Product;

/// Options of the run that its record does not have, as words of a command line.
#[derive(Debug, Clone, Default)]
pub struct Repeat {
    /// The user who logs in.
    pub username: Option<String>,
    /// Further options, none of them secret.
    pub options: Vec<String>,
}

/// The page. It names no secret: a password comes from the environment.
pub fn readme(product: &Product, run: &Run, repeat: &Repeat) -> String {
    let name = super::review::one_line(&product.name);
    let version = match super::review::one_line(&product.version) {
        version if version.is_empty() => String::new(),
        version => format!(" {version}"),
    };
    let login = match &repeat.username {
        Some(username) => format!(
            "export ASSAY_PASSWORD=…   # the password of {}\n",
            super::review::one_line(username)
        ),
        None => String::new(),
    };
    let tool = &run.tool;
    format!(
        "# {name}{version}: OCI Distribution {spec}\n\n\
         | | |\n|---|---|\n\
         | Tested with | {tool} {tool_version} |\n\
         | Specification | OCI Distribution {spec} |\n\
         | Seed | {seed} |\n\
         | Started | {started} |\n\n\
         To repeat the run, with {tool} {tool_version}:\n\n\
         ```sh\n{login}{command}\n```\n\n\
         The command writes `results.yaml`, `report.html` and `junit.xml` to `reports`.\n",
        spec = run.spec,
        tool = tool.name,
        tool_version = tool.version,
        seed = run.seed,
        started = run.started,
        command = command(run, repeat),
    )
}

fn command(run: &Run, repeat: &Repeat) -> String {
    let mut words = vec![run.tool.name.clone(), "run".to_owned()];
    // The bundled registry is what is tested where no target is named.
    if !run.target.bundled {
        words.push(word(&run.target.url));
    }
    let seed = run.seed.to_string();
    let username = repeat.username.as_deref();
    let named = [
        ("--spec", Some(run.spec.name())),
        ("--repo", Some(run.target.repo.as_str())),
        ("--repo2", Some(run.target.repo2.as_str())),
        ("--username", username),
        ("--seed", Some(seed.as_str())),
    ];
    for (option, value) in named {
        if let Some(value) = value {
            words.extend([option.to_owned(), word(value)]);
        }
    }
    words.extend(repeat.options.iter().map(|option| word(option)));
    words.extend(["--format", "official,html,junit", "--out", "reports"].map(str::to_owned));
    words.join(" ")
}

/// A word of a command line, quoted where it has to be.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/:,=@".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => quote(text),
    }
}
