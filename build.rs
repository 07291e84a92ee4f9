//! Collects the files of the binary: suites and fixtures, converted from YAML, which is slow to parse, to MessagePack;
//! and the adapters.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

#[allow(dead_code)]
#[path = "src/data/node.rs"]
mod node;
#[path = "src/data/yaml.rs"]
mod yaml;
#[path = "src/data/yaml_mistakes.rs"]
mod yaml_mistakes;

use node::{Node, NodeKind};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut declarations = String::new();
    for (name, folder) in [("SUITES", "suites"), ("FIXTURES", "fixtures")] {
        println!("cargo::rerun-if-changed={folder}");
        declarations += &format!("static {name}: &[(&str, BundledText)] = &[\n");
        for path in collect(&root.join(folder), &["yaml", "yml"])? {
            let source = root.join(folder).join(&path);
            let compact = format!("{folder}-{}.bin", path.replace('/', "-"));
            fs::write(out.join(&compact), convert(&source)?)?;
            // No path of this machine: another copy of the source may use the same build folder.
            declarations += &format!(
                "({path:?}, BundledText {{ \
                 text: include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{folder}/{path}\")), \
                 compact: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{compact}\")) }}),\n"
            );
        }
        declarations += "];\n";
    }
    fs::write(out.join("bundled.rs"), declarations)?;
    fs::write(out.join("adapters.rs"), adapters(&root)?)?;
    Ok(())
}

/// Declares `ADAPTERS`: the files of the folder, each with its name.
fn adapters(root: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed=adapters");
    let mut declaration = String::from("static ADAPTERS: &[(&str, &str)] = &[\n");
    for path in collect(&root.join("adapters"), &["toml"])? {
        declaration += &format!(
            "({path:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/adapters/{path}\"))),\n"
        );
    }
    declaration += "];\n";
    Ok(declaration)
}

/// The paths of the files below `folder` with one of these extensions, in order, with `/` between their parts.
fn collect(folder: &Path, extensions: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut files = Vec::new();
    collect_below(folder, "", extensions, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect_below(
    folder: &Path,
    prefix: &str,
    extensions: &[&str],
    into: &mut Vec<String>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            collect_below(&path, &format!("{prefix}{name}/"), extensions, into)?;
        } else if extensions.contains(&&*extension) {
            into.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

fn convert(source: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = fs::read_to_string(source)?;
    let root = yaml::parse(&text).map_err(|error| {
        let before = text.get(..error.span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}: {}", source.display(), error.message)
    })?;
    let mut bytes = Vec::new();
    write(&root, &mut bytes)?;
    Ok(bytes)
}

fn write(node: &Node, into: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
    match &node.kind {
        NodeKind::Null => rmp::encode::write_nil(into)?,
        NodeKind::Flag(flag) => rmp::encode::write_bool(into, *flag)?,
        NodeKind::Integer(number) => {
            rmp::encode::write_sint(into, *number)?;
        }
        NodeKind::Float(number) => rmp::encode::write_f64(into, *number)?,
        NodeKind::Text(text) => rmp::encode::write_str(into, text)?,
        NodeKind::List(items) => {
            rmp::encode::write_array_len(into, items.len().try_into()?)?;
            items.iter().try_for_each(|item| write(item, into))?;
        }
        NodeKind::Map(entries) => {
            rmp::encode::write_map_len(into, entries.len().try_into()?)?;
            for entry in entries {
                rmp::encode::write_str(into, &entry.key)?;
                write(&entry.value, into)?;
            }
        }
    }
    Ok(())
}
