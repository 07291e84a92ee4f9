"""The examples in reports/examples/, made from the runs that test other things: ci/interop tests the registries, ci/clients the clients.

With --update, those scripts replace the examples; without it, they compare what they made with what is committed.
"""
import concurrent.futures
import datetime
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import urllib.parse

import clients
import peers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "reports/examples"
FAULTS = ["chunk-any-order", "manifest-get-other-bytes", "blob-head-no-length", "tags-last-included"]
WITH_REPORTS = ["docker-registry", "go-containerregistry"]
CLIENT = "crane"
SEED = "1"
# The first port of the registries whose results become the examples: two updates differ only in what the registries generate.
PORT = 5701


class Fleet:
    """A fleet of the bundled registry and all registries of `peers`, each on a port of its own; the results are in `folder`."""

    def __init__(self, assay, folder, fixed_ports):
        self.assay, self.folder = assay, folder
        names = ["bundled", *(registry.name for registry in peers.REGISTRIES)]
        self.ports = {name: PORT + index if fixed_ports else peers.free_port() for index, name in enumerate(names)}
        self.today = datetime.datetime.now(datetime.timezone.utc).date()
        lines = ["[defaults]", f"seed = {SEED}", ""]
        for name, port in self.ports.items():
            lines += ["[[target]]", f'name = "{name}"', f'target = "http://127.0.0.1:{port}"', ""]
        (folder / "fleet.toml").write_text("\n".join(lines))

    def test(self, name, days_ago=0):
        """Tests a registry that is running on its port; returns the record."""
        date = (self.today - datetime.timedelta(days_ago)).isoformat()
        command = [self.assay, "fleet", "run", "fleet.toml", "--out", "results", "--only", name, "--date", date]
        result = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=1000)
        if result.returncode not in (0, 1):
            raise RuntimeError(f"no verdict on {name}: {result.stdout}{result.stderr}")
        return json.loads((self.folder / self.result(name, days_ago) / "report.json").read_text())

    def result(self, name, days_ago=0):
        """Returns the folder of a result, relative to the folder of the fleet: reports contain this path."""
        return pathlib.Path("results", name, (self.today - datetime.timedelta(days_ago)).isoformat())

    def render(self, *arguments):
        """Runs a command of assay in the folder of the fleet."""
        subprocess.run([self.assay, *map(str, arguments)], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)


def of_registries(fleet, update):
    """Makes the examples of a fleet whose registries have been tested; returns the complaints. The bundled registry is tested here."""
    with peers.bundled(fleet.assay, port=fleet.ports["bundled"]):
        fleet.test("bundled", days_ago=1)
    with peers.bundled(fleet.assay, *(f"--fault={fault}" for fault in FAULTS), port=fleet.ports["bundled"]):
        fleet.test("bundled")
    made = fleet.folder / "examples"
    for name in ["bundled", *WITH_REPORTS]:
        fleet.render("report", fleet.result(name) / "report.json", "--format", "markdown", "--out", made / name)
        shutil.copy(fleet.folder / fleet.result(name) / "report.html", made / name)
    write_comparison(fleet, made)
    # Without reports: each has more than a megabyte, and some are beside the site.
    fleet.render("fleet", "site", "results", "--out", made / "site", "--reports", "0")
    return [*in_a_browser(made / "site", fleet.folder / "pictures"), *replace_or_compare(made, update, [fleet.folder])]


def in_a_browser(site, pictures):
    """Opens the pages of a site; returns the complaint if one of them has a mistake."""
    result = subprocess.run(["node", str(ROOT / "ci/site-test.mjs"), site, pictures], capture_output=True, text=True, timeout=300)
    print(result.stdout, end="", flush=True)
    return [f"ci/site-test.mjs: {result.stderr.strip()}"] if result.returncode else []


def write_comparison(fleet, made):
    """Writes peers.html and peers.md: the bundled registry without faults, and all registries with their versions."""
    results = {"bundled": fleet.result("bundled", days_ago=1) / "report.json"}
    copies = []
    for registry in peers.REGISTRIES:
        report = fleet.result(registry.name) / "report.json"
        if registry.name in WITH_REPORTS:
            # A page beside its report gives the comparison a link to the page.
            report = made / registry.name / "report.json"
            shutil.copy(fleet.folder / fleet.result(registry.name) / "report.json", report)
            copies.append(report)
        results[f"{registry.name} {registry.version.removeprefix('v')}"] = report
    reports = [f"{title}={report}" for title, report in results.items()]
    for format, name in (("html", "peers.html"), ("markdown", "peers.md")):
        fleet.render("compare", *reports, "--format", format, "--out", made / name)
    for copy in copies:
        copy.unlink()


def of_clients(assay, folder, update):
    """Makes the example of one client, and the page that compares all; returns the complaints.

    Both are without what endangers the users of a client's current release.
    """
    skip = [word for requirement in sorted(clients.DANGEROUS) for word in ("--skip", requirement)]

    def result(name):
        return clients.run(assay, name, folder / "example", "--format", "json,html,markdown", *skip)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        complaints = [complaint for _, complaint in pool.map(result, clients.CLIENT_PROGRAMS) if complaint]
    if complaints:
        return complaints
    made = folder / "example/made"
    (made / "clients").mkdir(parents=True)
    for name in ("report.html", "summary.md"):
        shutil.copy(folder / "example" / CLIENT / name, made / "clients")
    reports = [folder / "example" / name / "report.json" for name in clients.CLIENT_PROGRAMS]
    for format, name in (("html", "compared.html"), ("markdown", "compared.md")):
        subprocess.run([assay, "compare", *reports, "--format", format, "--out", made / "clients" / name, "--quiet"], check=True)
    return replace_or_compare(made, update, [folder])


def replace_or_compare(made, update, private):
    """Replaces the examples by those in `made` (a folder with some of the entries of EXAMPLES), or compares them.

    Returns a complaint for each file that only one of them has, for each link to a file or an anchor that is missing, for other
    keys of JSON, and for each path of this machine (of the folders in `private`, the home folder, and the repository).
    """
    complaints = [complaint for path in files(made) for complaint in flaws(made, path, private)]
    if update and not complaints:
        for entry in made.iterdir():
            replace(entry, EXAMPLES / entry.name)
    committed = {path for path in files(EXAMPLES) if (made / path.parts[0]).exists()}
    complaints += [f"reports/examples/{path}: a run of today does not write it; --update deletes it" for path in sorted(committed - files(made))]
    complaints += [f"reports/examples/{path} is missing: --update writes it" for path in sorted(files(made) - committed)]
    for path in sorted(committed & files(made)):
        complaints += [f"reports/examples/{complaint}" for complaint in flaws(EXAMPLES, path, private)]
        if path.suffix == ".json" and keys(EXAMPLES / path) != keys(made / path):
            complaints.append(f"reports/examples/{path} has other keys than a run of today writes: --update writes it")
    return complaints


def replace(made, example):
    """Replaces a file or a folder of the examples."""
    if example.is_dir():
        shutil.rmtree(example)
    if made.is_dir():
        shutil.copytree(made, example)
    else:
        shutil.copy(made, example)


def files(folder):
    """Returns the paths of all files in a folder, relative to it."""
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def flaws(folder, path, private):
    """Yields what is wrong with one file of the examples in `folder`: paths of this machine, and links without a target."""
    text = (folder / path).read_text()
    for place in [*private, pathlib.Path.home(), ROOT]:
        if str(place) in text:
            yield f"{path} contains a path of this machine: {place}"
    for link in dict.fromkeys(links(path, text)):
        address = urllib.parse.urlsplit(link)
        if address.scheme or address.netloc:
            continue
        target = (folder / path).parent / urllib.parse.unquote(address.path) if address.path else folder / path
        if not target.is_file():
            yield f"{path} has a link to {link}, which is no file"
        elif address.fragment and target.suffix == ".html" and urllib.parse.unquote(address.fragment) not in read_page(target.read_text()).anchors:
            yield f"{path} has a link to {link}, which is no anchor of the page"


def links(path, text):
    """Returns the addresses that a page, a feed or a document links to."""
    if path.suffix == ".md":
        return re.findall(r"\]\(([^)\s]+)\)", text)
    return read_page(text).links if path.suffix in (".html", ".atom") else []


class Page(html.parser.HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.anchors = [], set()

    def handle_starttag(self, _, attrs):
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.anchors |= {value for name, value in attrs if name == "id"}


def read_page(text):
    page = Page()
    page.feed(text)
    return page


def keys(path):
    """Returns the keys of a JSON file: those of the object, or of the objects in the list."""
    content = json.loads(path.read_text())
    return {key for one in (content if isinstance(content, list) else [content]) for key in one}
