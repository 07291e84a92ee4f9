//! Converts the bundled suites and fixtures: from YAML, which is slow to parse, to MessagePack.

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
        let mut files = Vec::new();
        collect(&root.join(folder), "", &mut files)?;
        files.sort();
        declarations += &format!("static {name}: &[(&str, BundledText)] = &[\n");
        for path in files {
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
    Ok(())
}

/// Collects the paths of the YAML files below `folder`, with `/` between their parts.
fn collect(folder: &Path, prefix: &str, into: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), into)?;
        } else if name.ends_with(".yaml") || name.ends_with(".yml") {
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
