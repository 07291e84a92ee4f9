//! The public items of the library, as a snapshot: whoever changes it changes a promise to other projects.

use std::collections::BTreeMap;
use std::path::Path;

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, UseTree, Visibility};

use crate::support::sources::{root, rust_files};

/// Tokens in a line, without the spaces that only separate tokens.
fn line(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" ,", ","),
        (" :: ", "::"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("& ", "&"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" :", ":"),
        (" ;", ""),
        ("- >", " ->"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

/// The names that the crate's root re-exports, each with the name that it has where it is defined.
fn exported(tree: &UseTree, into: &mut BTreeMap<String, String>) {
    match tree {
        UseTree::Path(path) => exported(&path.tree, into),
        UseTree::Group(group) => group.items.iter().for_each(|tree| exported(tree, into)),
        UseTree::Name(name) => {
            into.insert(name.ident.to_string(), name.ident.to_string());
        }
        UseTree::Rename(rename) => {
            into.insert(rename.ident.to_string(), rename.rename.to_string());
        }
        UseTree::Glob(_) => {}
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The public parts of an item, if it is the definition of `name` or an inherent implementation of it.
fn public_parts(item: &Item, name: &str) -> Vec<String> {
    match item {
        Item::Struct(one) if one.ident == name => {
            let mut parts = vec![format!("struct {name}{}", line(&one.generics))];
            if let Fields::Named(fields) = &one.fields {
                let public = fields.named.iter().filter(|field| is_public(&field.vis));
                parts.extend(
                    public.map(|field| format!("  {}: {}", line(&field.ident), line(&field.ty))),
                );
            }
            parts
        }
        Item::Enum(one) if one.ident == name => {
            let variants = one
                .variants
                .iter()
                .map(|variant| format!("  {}{}", variant.ident, line(&variant.fields)));
            std::iter::once(format!("enum {name}"))
                .chain(variants)
                .collect()
        }
        Item::Impl(one) if one.trait_.is_none() && line(&one.self_ty) == name => one
            .items
            .iter()
            .filter_map(|item| match item {
                ImplItem::Fn(method) if is_public(&method.vis) => {
                    Some(format!("  {}", line(&method.sig)))
                }
                ImplItem::Const(one) if is_public(&one.vis) => {
                    Some(format!("  const {}: {}", one.ident, line(&one.ty)))
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn public_items_are_those_of_the_snapshot() {
    let root = root().join("src");
    let parse = |path: &Path| syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut names = BTreeMap::new();
    for item in &parse(&root.join("lib.rs")).items {
        if let Item::Use(one) = item
            && is_public(&one.vis)
        {
            exported(&one.tree, &mut names);
        }
    }
    let mut files = rust_files();
    // Only these folders define public items: the same name elsewhere is another type.
    files.retain(|file| {
        let relative = file.strip_prefix(&root).unwrap();
        let folders = ["library", "catalogue", "record"];
        folders.iter().any(|folder| relative.starts_with(folder))
    });
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in &files {
        for item in &parse(file).items {
            for (name, shown) in &names {
                let parts = public_parts(item, name);
                found.entry(shown).or_default().extend(parts);
            }
        }
    }
    let text: Vec<String> = found
        .into_iter()
        .map(|(name, parts)| format!("{name}\n{}", parts.join("\n")))
        .collect();
    insta::assert_snapshot!(text.join("\n\n"));
}
