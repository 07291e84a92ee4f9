"""Compares the verdicts of assay and of the Go tool on the same registries.

With --update, `check` rewrites docs/comparison.md, docs/registries.md and reports/examples/. Without it, `check` prints how the documents
would change, and compares the examples with those that it made.
ci/go-tool.toml maps each test of the Go tool to requirements. ci/findings.toml explains each violation and each difference
between the verdicts; `check` returns a complaint for each one that it does not explain.
"""
import difflib
import fnmatch
import json
import pathlib
import subprocess
import tempfile
import tomllib

import examples
import go_tool
import peers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SPEC = "1.1"
SPEC_URL = "https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md"
SEED = examples.SEED
# The repository that a run without other options uses.
REPOSITORY = "conformance/repo1"


def check(assay, update):
    """Runs both tools against the bundled registry and against all peers, writes the documents and the examples, and returns the complaints."""
    test_map = tomllib.loads((ROOT / "ci/go-tool.toml").read_text())
    findings = tomllib.loads((ROOT / "ci/findings.toml").read_text())
    with peers.bundled(assay) as registry:
        bundled = ("the bundled registry", "", run_assay(assay, registry, spec="dev"), run_go_tool(registry, "dev"))
    complaints, documents, runs = unmapped_tests(bundled[3], test_map), {}, []
    with tempfile.TemporaryDirectory() as folder:
        fleet = examples.Fleet(assay, pathlib.Path(folder), fixed_ports=update)
        for registry in peers.REGISTRIES:
            print(f"{registry.title} {registry.version}", flush=True)
            with registry.start(port=fleet.ports[registry.name]) as server:
                runs.append((registry.title, registry.version, fleet.test(registry.name), run_go_tool(server, SPEC)))
        complaints += examples.of_registries(fleet, update)
    runs += cache_runs(assay)
    complaints += unexplained(runs, test_map, findings)
    documents["docs/comparison.md"] = comparison(bundled, runs, test_map, findings)
    documents["docs/registries.md"] = registries(runs, findings)
    for name, text in documents.items():
        write_or_print_changes(ROOT / name, text, update)
    return complaints


def cache_runs(assay):
    """Runs assay against a pull-through cache, of which clients only pull; the Go tool has no such mode.

    The content is that of a run against the upstream registry with the same seed, and then one image of it that is named.
    """
    program = peers.DISTRIBUTION
    with peers.bundled(assay) as upstream:
        loaded = run_assay(assay, upstream, "--keep")
        with peers.pull_through_cache(upstream.url) as cache:
            print(f"{cache.title} {program.version}", flush=True)
            yield cache.title, program.version, run_assay(assay, cache, "--no-push"), {}
        tags = [one["reference"] for one in loaded["leftovers"] if one["kind"] == "tag" and one["repository"] == REPOSITORY]
        image = next(tag for tag in tags if tag.startswith("small-image-"))
        with peers.pull_through_cache(upstream.url) as cache:
            yield f"{cache.title}, existing content", program.version, run_assay(assay, cache, "--existing", f"{REPOSITORY}:{image}"), {}


def run_assay(assay, registry, *options, spec=SPEC):
    """Runs assay; returns its record."""
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run([assay, "run", registry.url, "--spec", spec, "--seed", SEED, *options, "--out", folder, "--format", "json", "--progress", "never"],
                                capture_output=True, text=True, timeout=600)
        report = pathlib.Path(folder, "report.json")
        if not report.exists():
            raise RuntimeError(f"assay wrote no report: {result.stderr}")
        return json.loads(report.read_text())


def run_go_tool(registry, spec):
    """Runs the Go tool; returns the verdict of each test by name."""
    verdicts, _ = go_tool.run(registry.host, spec, {"OCI_REPO1": "go-tool/one", "OCI_REPO2": "go-tool/two"})
    return verdicts


def map_key(test, test_map):
    """Returns the key of a test in ci/go-tool.toml: its full name, or its name without algorithm and data."""
    return test if test in test_map["tests"] else go_tool.test_kind(test)


def requirements_of_test(test, test_map):
    """Returns the requirements that a test of the Go tool checks, or None if ci/go-tool.toml does not contain the test."""
    key = map_key(test, test_map)
    return test_map["tests"].get(key) or next((ids for suffix, ids in test_map["suffixes"].items() if key.endswith(suffix)), None)


def unmapped_tests(go_verdicts, test_map):
    kinds = dict.fromkeys(go_tool.test_kind(test) for test in go_verdicts if requirements_of_test(test, test_map) is None)
    return [f"ci/go-tool.toml does not contain the Go tool's test `{kind}`" for kind in kinds]


def verdicts(record):
    """Returns the verdict of each requirement by id."""
    return {requirement["id"]: requirement["verdict"] for requirement in record["requirements"]}


def failed(record):
    """Returns the ids of the requirements that fail."""
    return [requirement for requirement, verdict in verdicts(record).items() if verdict == "fail"]


def disagreements(record, go_verdicts, test_map):
    """Yields each test on which only one tool fails the registry, and the requirement that assay fails (or None)."""
    ours = verdicts(record)
    for test, verdict in go_verdicts.items():
        violated = [requirement for requirement in requirements_of_test(test, test_map) or [] if ours.get(requirement) in ("fail", "warn")]
        if verdict == "fail" and not violated:
            yield test, None
        elif verdict == "pass":
            yield from ((test, requirement) for requirement in violated if ours[requirement] == "fail")


def unexplained(runs, test_map, findings):
    """Returns a complaint for each violation and each disagreement that ci/findings.toml does not explain."""
    complaints = []
    for title, _, record, go_verdicts in runs:
        complaints += unmapped_tests(go_verdicts, test_map)
        for requirement in failed(record):
            if find(title, findings, requirement=requirement) is None:
                complaints.append(f"ci/findings.toml does not explain why {title} fails the requirement {requirement}")
        for test, requirement in disagreements(record, go_verdicts, test_map):
            if requirement is None and find(title, findings, test=test) is None:
                complaints.append(f"ci/findings.toml does not explain why the Go tool fails {title} for `{test}` and assay does not")
    return complaints


def find(title, findings, requirement=None, test=None):
    """Returns the first finding on a registry that names the requirement or the test of the Go tool, or None."""
    for finding in findings["finding"]:
        if not applies_to(finding, title):
            continue
        if requirement in requirements_of_finding(finding) or (test and any(fnmatch.fnmatch(test, glob) for glob in finding.get("tests", []))):
            return finding
    return None


def applies_to(finding, title):
    """Returns whether a finding names the registry with this title."""
    return any(title.startswith(prefix) for prefix in finding["registries"])


def requirements_of_finding(finding):
    """Returns the requirements that a finding violates, in every run or only in some runs."""
    return finding.get("requirements", []) + finding.get("intermittent", [])


def is_intermittent(title, findings, requirement):
    """Returns whether a registry violates a requirement only in some runs: the documents do not depend on these violations."""
    finding = find(title, findings, requirement=requirement)
    return finding is not None and requirement in finding.get("intermittent", [])


def comparison(bundled, runs, test_map, findings):
    """Returns the text of docs/comparison.md."""
    _, _, record, go_verdicts = bundled
    cases = {requirement["id"]: requirement["cases"] for requirement in record["requirements"]}
    covered = set()
    lines = ["# Comparison with the Go tool", "",
             "`ci/interop ASSAY peers --update` writes this file. The Go tool is the specification's own conformance test (`conformance` in",
             f"opencontainers/distribution-spec, {peers.GO_TOOL.version.rsplit('-', 1)[1]}).", "",
             "## Tests of the Go tool, and the cases that cover them", "",
             "A row stands for all digest algorithms and test data that the Go tool runs the test with.", "",
             "| test of the Go tool | requirements | cases of assay |", "|---|---|---|"]
    for key, test in {map_key(test, test_map): test for test in go_verdicts}.items():
        ids = requirements_of_test(test, test_map) or []
        covered.update(ids)
        shown = list(dict.fromkeys(case for requirement in ids for case in cases.get(requirement, []) if not case.startswith("set-up")))
        lines.append(f"| {key} | {' '.join(ids)} | {' '.join(shown[:8])}{' …' if len(shown) > 8 else ''} |")
    lines += ["", "## Requirements that the Go tool does not test", "", "Requirements of the draft without a test in the Go tool, by section.", ""]
    sections = {}
    for requirement in record["requirements"]:
        if requirement["id"] not in covered:
            sections.setdefault(requirement["section"], []).append(requirement["id"])
    lines += [f"- {section}: {', '.join(ids)}" for section, ids in sections.items()]
    lines += ["", "## Registries tested by both tools", "",
              f"Specification {SPEC}. A row lists tests on which only one of the two tools reports a violation."]
    for title, version, record, go_verdicts in runs:
        if go_verdicts:
            lines += ["", f"### {title} {version}", "", *disagreement_table(title, findings, record, disagreements(record, go_verdicts, test_map))]
    return "\n".join(lines) + "\n"


def disagreement_table(title, findings, record, rows):
    """Returns the lines of the table of disagreements on a registry: a row for each reason."""
    ours, reasons = verdicts(record), {}
    for test, requirement in rows:
        if requirement and is_intermittent(title, findings, requirement):
            continue
        finding = find(title, findings, requirement, None if requirement else test) or {"description": "?"}
        # assay may fail the registry for requirements that the test does not map to.
        others = [other for other in finding.get("requirements", []) if ours.get(other) in ("fail", "warn")]
        if requirement:
            verdict = f"{ours[requirement]}: {requirement}"
        else:
            verdict = f"other requirements: {', '.join(others)}" if others else "no violation"
        reasons.setdefault(("pass" if requirement else "fail", verdict, one_line(finding["description"])), []).append(test)
    if not reasons:
        return ["Both tools agree."]
    lines = ["| tests of the Go tool | Go tool | assay | reason |", "|---|---|---|---|"]
    for (go_verdict, verdict, reason), tests in reasons.items():
        shown = ", ".join(tests[:3]) + (f" and {len(tests) - 3} more" if len(tests) > 3 else "")
        lines.append(f"| {shown} | {go_verdict} | {verdict} | {reason} |")
    return lines


def registries(runs, findings):
    """Returns the text of docs/registries.md."""
    lines = ["# Violations in real registries", "",
             f"`ci/interop ASSAY peers --update` writes this file from runs against packaged registries: specification {SPEC}, an empty store, and",
             "deletion enabled where the registry has a switch for it.", "",
             "## Findings", "",
             "A row is one finding, with the requirements that show it. The linked page has the commands that reproduce the finding.", "",
             "| registry | finding | requirements |", "|---|---|---|",
             *finding_rows(runs, findings)]
    for title, version, record, _ in runs:
        lines += ["", f"## {title} {version}", "", f"{record['verdict'].capitalize()}.", ""]
        lines += [text for name, note in findings["notes"].items() if title.startswith(name) for text in (note, "")]
        unsupported = [name for name, state in record["features"].items() if state == "unsupported"]
        lines.append(f"Not supported: {', '.join(unsupported) or 'none'}.")
        warned = [requirement for requirement, verdict in verdicts(record).items() if verdict == "warn"]
        if warned:
            lines += ["", f"Warnings (violated SHOULDs): {', '.join(warned)}."]
    return "\n".join(lines) + "\n"


def finding_rows(runs, findings):
    """Yields a row for each finding that the runs show, for each intermittent finding, and for the violations without a finding."""
    for finding in findings["finding"]:
        names, shown = [], set()
        for title, _, record, _ in runs:
            ids = {requirement for requirement in failed(record) if find(title, findings, requirement=requirement) is finding}
            if applies_to(finding, title) and (ids or "intermittent" in finding):
                names.append(short(title))
                shown |= ids
        ids = [", ".join(requirement for requirement in finding.get("requirements", []) if requirement in shown)]
        if "intermittent" in finding:
            ids.append(f"in some runs: {', '.join(finding['intermittent'])}")
        if names:
            text = f"[{finding['title']}](findings/{finding['file']})" if "file" in finding else one_line(finding["description"])
            yield f"| {', '.join(dict.fromkeys(names))} | {text} | {'; '.join(part for part in ids if part)} |"
    for title, _, record, _ in runs:
        ids = [requirement for requirement in failed(record) if find(title, findings, requirement=requirement) is None]
        if ids:
            yield f"| {title.split()[0]} | ? | {', '.join(ids)} |"


def short(title):
    """Returns the name of a registry, with its mode if it is a cache."""
    return title.partition(",")[0] if "cache" in title else title.split()[0]


def one_line(text):
    return " ".join(text.split())


def write_or_print_changes(path, text, update):
    """Writes a document, or prints how it would change: the behaviour of a registry may vary, so a change is no failure."""
    old = path.read_text() if path.exists() else ""
    path.parent.mkdir(exist_ok=True)
    if update:
        path.write_text(text)
    changed = [line for line in difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    if changed and not update:
        print(f"note: {path.name} would change; --update rewrites it: {' '.join(changed)[:600]}")
