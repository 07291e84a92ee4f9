//! The imports follow the arrows that docs/architecture.md draws, and no files of a module import each other in a circle. The lists
//! of faults have no line that keeps rustfmt from formatting them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use syn::visit::Visit;

use crate::support::sources::{root, rust_files};

/// A module of the crate: its name from the root (`engine`, `engine::runner`).
type Module = Vec<String>;

/// What a file declares, and what it refers to.
#[derive(Default)]
struct Source {
    /// The names that it re-exports, with the path that they come from.
    reexports: BTreeMap<String, Vec<String>>,
    /// Every path that it refers to, from the crate's root.
    paths: Vec<Vec<String>>,
}

/// Collects the paths of one file. Tests may import anything.
struct Collector {
    module: Module,
    source: Source,
}

impl Collector {
    /// A path as written, from the crate's root; none where it leads out of the crate.
    fn resolve(&self, path: &[String]) -> Option<Vec<String>> {
        let mut resolved = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            _ => return None,
        };
        for segment in path.iter().take_while(|one| *one == "super") {
            debug_assert_eq!(segment, "super");
            resolved.pop()?;
        }
        let rest = path
            .iter()
            .skip_while(|one| matches!(one.as_str(), "crate" | "self" | "super"));
        resolved.extend(rest.cloned());
        Some(resolved)
    }

    fn use_tree(&mut self, tree: &syn::UseTree, prefix: &[String], public: bool) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        let (path, name) = match tree {
            syn::UseTree::Path(path) => {
                return self.use_tree(&path.tree, &with(&path.ident), public);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, prefix, public);
                }
                return;
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                (prefix.to_vec(), prefix.last().cloned().unwrap_or_default())
            }
            syn::UseTree::Name(name) => (with(&name.ident), name.ident.to_string()),
            syn::UseTree::Rename(rename) => (with(&rename.ident), rename.rename.to_string()),
            syn::UseTree::Glob(_) => (prefix.to_vec(), String::new()),
        };
        // A path that begins with a child module is relative to this one.
        let resolved = self
            .resolve(&path)
            .unwrap_or_else(|| [self.module.clone(), path].concat());
        if public {
            self.source.reexports.insert(name, resolved.clone());
        } else {
            self.source.paths.push(resolved);
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .meta
                .require_list()
                .is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let public = !matches!(item.vis, syn::Visibility::Inherited);
        self.use_tree(&item.tree, &[], public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|one| one.ident.to_string())
            .collect();
        self.source.paths.extend(self.resolve(&segments));
        syn::visit::visit_path(self, path);
    }
}

/// For each file, the files whose definitions it uses.
static IMPORTS: LazyLock<BTreeMap<Module, BTreeSet<Module>>> =
    LazyLock::new(|| imports(&sources()));

fn sources() -> BTreeMap<Module, Source> {
    let root = root().join("src");
    let mut sources = BTreeMap::new();
    for file in rust_files() {
        let relative = file.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Module = relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        if matches!(
            module.last().map(String::as_str),
            Some("mod" | "lib" | "main")
        ) {
            module.pop();
        }
        let syntax = syn::parse_file(&std::fs::read_to_string(&file).unwrap()).unwrap();
        if is_test(&syntax.attrs) || file.ends_with("main.rs") {
            continue;
        }
        let mut collector = Collector {
            module: module.clone(),
            source: Source::default(),
        };
        collector.visit_file(&syntax);
        sources.insert(module, collector.source);
    }
    sources
}

/// The module that defines what a path names: re-exports are followed to their origin.
fn definer(sources: &BTreeMap<Module, Source>, path: &[String]) -> Module {
    let mut path = path.to_vec();
    for _ in 0..16 {
        let mut module = Vec::new();
        for segment in &path {
            let deeper = [module.clone(), vec![segment.clone()]].concat();
            if !sources.contains_key(&deeper) {
                break;
            }
            module = deeper;
        }
        let reexport = path
            .get(module.len())
            .and_then(|name| sources.get(&module)?.reexports.get(name));
        match reexport {
            Some(origin) => {
                let rest = path.iter().skip(module.len() + 1).cloned();
                path = origin.iter().cloned().chain(rest).collect();
            }
            None => return module,
        }
    }
    panic!("`{}` is re-exported in a circle", path.join("::"));
}

fn imports(sources: &BTreeMap<Module, Source>) -> BTreeMap<Module, BTreeSet<Module>> {
    sources
        .iter()
        .map(|(module, source)| {
            let used = source.paths.iter().map(|path| definer(sources, path));
            let used = used.filter(|used| used != module && !used.is_empty());
            (module.clone(), used.collect())
        })
        .collect()
}

/// Modules that tests alone declare, which their parent marks with `#[cfg(test)]`.
const TEST_ONLY: [&str; 4] = ["fuzz", "hostile", "sample", "schemas"];

fn for_tests(module: &Module) -> bool {
    module
        .iter()
        .any(|part| TEST_ONLY.contains(&part.as_str()) || part == "properties")
}

/// Which top module may use which, as the table of docs/architecture.md says.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let table = page
        .split_once("<!-- modules: begin -->")
        .and_then(|(_, rest)| rest.split_once("<!-- modules: end -->"))
        .unwrap()
        .0;
    let named = |cell: &str| -> BTreeSet<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            let module = named(cells.first().unwrap()).pop_first().unwrap();
            (module, named(cells.last().unwrap()))
        })
        .collect()
}

#[test]
fn modules_use_only_what_the_architecture_page_allows() {
    let allowed = allowed();
    let mut wrong = BTreeSet::new();
    for (module, used) in IMPORTS.iter() {
        let Some(top) = module.first().filter(|_| !for_tests(module)) else {
            continue;
        };
        let may = allowed
            .get(top)
            .unwrap_or_else(|| panic!("docs/architecture.md does not name the module `{top}`"));
        for other in used.iter().filter(|used| !for_tests(used)) {
            let other = other.first().unwrap();
            if other != top && !may.contains(other) {
                wrong.insert(format!("{} uses {other}", module.join("::")));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "not in docs/architecture.md's table: {wrong:#?}"
    );
}

/// Every module that a module uses, by whatever way.
fn reachable(graph: &BTreeMap<Module, BTreeSet<Module>>, from: &Module) -> BTreeSet<Module> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&Module> = graph.get(from).into_iter().flatten().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module.clone()) {
            next.extend(graph.get(module).into_iter().flatten());
        }
    }
    reached
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut graph = IMPORTS.clone();
    graph.retain(|module, _| !for_tests(module));
    let reached: BTreeMap<&Module, BTreeSet<Module>> = graph
        .keys()
        .map(|module| (module, reachable(&graph, module)))
        .collect();
    let circles: BTreeSet<Vec<String>> = reached
        .iter()
        .map(|(module, used)| {
            used.iter()
                .filter(|other| {
                    reached
                        .get(other)
                        .is_some_and(|back| back.contains(*module))
                })
                .map(|other| other.join("::"))
                .collect()
        })
        .filter(|circle: &Vec<String>| !circle.is_empty())
        .collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

/// Where one line of a list of chained calls is too long, rustfmt leaves the whole list as it is, and says nothing.
#[test]
fn the_lists_of_faults_have_no_line_that_is_too_long_for_rustfmt() {
    let folder = root().join("src/registry/faults");
    for file in rust_files().iter().filter(|file| file.starts_with(&folder)) {
        let text = std::fs::read_to_string(file).unwrap();
        let mut code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let long = code.find(|line| line.chars().count() > 100);
        assert_eq!(long, None, "{}", file.display());
    }
}
