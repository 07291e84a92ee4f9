"""The same registries judged by assay and by the Go tool: what they disagree on, and what each registry breaks.

Writes docs/comparison.md, docs/registries.md and docs/findings/ (with --update), or says where they would be different.
What one finds broken and the other does not must be explained. The words that no run can find are in ci/go-tool.toml
(what a test of the Go tool asks) and ci/findings.toml (what a registry does, and which of two verdicts is right).
"""
import difflib
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import tempfile
import tomllib

import go_tool
import peers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SPEC = "1.1"
SEED = "1"
REPOSITORIES = ["--repo", "assay/one", "--repo2", "assay/two"]


def check(assay, update):
    tests = tomllib.loads((ROOT / "ci/go-tool.toml").read_text())
    findings = tomllib.loads((ROOT / "ci/findings.toml").read_text())
    with peers.bundled(assay) as registry:
        judged = [("the bundled registry", "", *judge(assay, registry, "dev"))]
    complaints, texts = untested(judged[0][3], tests), {}
    for registry in peers.REGISTRIES:
        print(f"{registry.title} {registry.version}", flush=True)
        with registry.start() as served:
            judged.append((registry.title, registry.version, *judge(assay, served, SPEC)))
            texts.update(shown(registry, served, findings))
    complaints += unexplained(judged[1:], tests, findings)
    texts["docs/comparison.md"] = comparison(judged, tests, findings)
    texts["docs/registries.md"] = registries(judged[1:], findings)
    for name, text in texts.items():
        written(ROOT / name, text, update)
    return complaints


def judge(assay, registry, spec):
    """A run of both: the record of ours, and the verdict of each of their tests."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([assay, "run", registry.url, "--spec", spec, "--seed", SEED, *REPOSITORIES, "--out", folder, "--format", "json", "--progress", "never"],
                              capture_output=True, text=True, timeout=600)
        record = pathlib.Path(folder, "report.json")
        if not record.exists():
            raise RuntimeError(f"assay wrote no report: {done.stderr}")
        ours = json.loads(record.read_text())
    theirs, _ = go_tool.run(registry.host, spec, {"OCI_REPO1": "go-tool/one", "OCI_REPO2": "go-tool/two"})
    return ours, theirs


def named(test, tests):
    """The name under which the table has a test: its own, or that of its kind."""
    return test if test in tests["tests"] else go_tool.kind(test)


def asked(test, tests):
    """The requirements that a test of the Go tool asks for; nothing where the table does not know it."""
    name = named(test, tests)
    return tests["tests"].get(name) or next((ids for ending, ids in tests["endings"].items() if name.endswith(ending)), None)


def untested(theirs, tests):
    unknown = dict.fromkeys(go_tool.kind(test) for test in theirs if asked(test, tests) is None)
    return [f"ci/go-tool.toml does not say what the Go tool's `{kind}` asks" for kind in unknown]


def verdicts(record):
    return {one["id"]: one["verdict"] for one in record["requirements"]}


def disagreements(record, theirs, tests):
    """Where one says broken and the other does not: (test, requirement that is broken or None)."""
    ours = verdicts(record)
    for test, verdict in theirs.items():
        ids = asked(test, tests) or []
        broken = [one for one in ids if ours.get(one) in ("fail", "warn")]
        if verdict == "fail" and not broken:
            yield test, None
        elif verdict == "pass":
            yield from ((test, one) for one in broken if ours[one] == "fail")


def unexplained(judged, tests, findings):
    complaints = []
    for title, _, record, theirs in judged:
        complaints += untested(theirs, tests)
        for requirement, verdict in verdicts(record).items():
            if verdict == "fail" and finding(title, findings, requirement=requirement) is None:
                complaints.append(f"ci/findings.toml says nothing of {title} and the requirement {requirement}")
        for test, requirement in disagreements(record, theirs, tests):
            if requirement is None and finding(title, findings, test=test) is None:
                complaints.append(f"ci/findings.toml does not say why the Go tool fails {title} for `{test}` and assay does not")
    return complaints


def finding(title, findings, requirement=None, test=None):
    """What is said of a registry: the text for a requirement, or for a test of the Go tool."""
    for one in findings["finding"]:
        if not concerns(one, title):
            continue
        if requirement in broken_by(one) or (test and any(fnmatch.fnmatch(test, known) for known in one.get("tests", []))):
            return one
    return None


def concerns(finding, title):
    return any(title.startswith(known) for known in finding["registries"])


def broken_by(finding):
    """The requirements that a finding is about, always or now and then."""
    return finding.get("requirements", []) + finding.get("sometimes", [])


def now_and_then(title, findings, requirement):
    """Whether it is chance that a registry is seen breaking a requirement: tables do not depend on it."""
    said = finding(title, findings, requirement=requirement)
    return said is not None and requirement in said.get("sometimes", [])


def comparison(judged, tests, findings):
    _, _, bundled, theirs = judged[0]
    cases = {one["id"]: one["cases"] for one in bundled["requirements"]}
    covered = set()
    lines = ["# Beside the Go tool", "",
             "Made by `ci/interop ASSAY peers --update`. The Go tool is the specification's own conformance test (`conformance` in",
             f"opencontainers/distribution-spec, {peers.GO_TOOL.version.rsplit('-', 1)[1]}).", "",
             "## Its tests, and what covers them", "",
             "A test stands for all algorithms and data that the tool runs it with.", "",
             "| test of the Go tool | requirements | cases of assay |", "|---|---|---|"]
    for name, test in {named(test, tests): test for test in theirs}.items():
        ids = asked(test, tests) or []
        covered.update(ids)
        shown = list(dict.fromkeys(case for one in ids for case in cases.get(one, []) if not case.startswith("set-up")))
        lines.append(f"| {name} | {' '.join(ids)} | {' '.join(shown[:8])}{' …' if len(shown) > 8 else ''} |")
    lines += ["", "## What it does not ask", "", "Requirements of the draft that no test of the Go tool asks for, by section.", ""]
    sections = {}
    for one in bundled["requirements"]:
        if one["id"] not in covered:
            sections.setdefault(one["section"], []).append(one["id"])
    lines += [f"- {section}: {', '.join(ids)}" for section, ids in sections.items()]
    lines += ["", "## The same registries, judged by both", "",
              f"Specification {SPEC}. A line is a test on which one finds something broken and the other does not."]
    for title, version, record, theirs in judged[1:]:
        lines += ["", f"### {title} {version}", "", *disagreed(title, findings, record, list(disagreements(record, theirs, tests)))]
    return "\n".join(lines) + "\n"


def disagreed(title, findings, record, rows):
    """A line for each reason."""
    ours, reasons = verdicts(record), {}
    for test, requirement in rows:
        if requirement and now_and_then(title, findings, requirement):
            continue
        said = finding(title, findings, requirement, None if requirement else test) or {"says": "?"}
        # What the Go tool fails here assay may fail by the name of something else.
        elsewhere = [one for one in said.get("requirements", []) if ours.get(one) in ("fail", "warn")]
        verdict = f"{ours[requirement]}: {requirement}" if requirement else f"elsewhere: {', '.join(elsewhere)}" if elsewhere else "not broken"
        reasons.setdefault(("pass" if requirement else "fail", verdict, one_line(said["says"])), []).append(test)
    if not reasons:
        return ["They agree."]
    lines = ["| tests of the Go tool | it says | assay says | why |", "|---|---|---|---|"]
    for (theirs, verdict, why), of in reasons.items():
        shown = ", ".join(of[:3]) + (f" and {len(of) - 3} more" if len(of) > 3 else "")
        lines.append(f"| {shown} | {theirs} | {verdict} | {why} |")
    return lines


def registries(judged, findings):
    lines = ["# What real registries break", "",
             f"Made by `ci/interop ASSAY peers --update` from runs against registries as they are packaged (specification {SPEC}, an in-memory or",
             "empty store, deletion on where it can be switched on). Each line is a requirement that is broken; where it leads to a finding,",
             "that text has the requests that show it. SHOULDs that are not kept are warnings."]
    for title, version, record, _ in judged:
        lines += ["", f"## {title} {version}", "",
                  f"{record['verdict'].capitalize()}.", ""]
        lines += [text for name, note in findings["notes"].items() if title.startswith(name) for text in (note, "")]
        unsupported = [name for name, state in record["features"].items() if state == "unsupported"]
        lines += [f"Not supported: {', '.join(unsupported) or 'nothing'}.", ""]
        for one in record["requirements"]:
            if one["verdict"] == "fail" and not now_and_then(title, findings, one["id"]):
                said = finding(title, findings, requirement=one["id"])
                lines.append(f"- **{one['id']}** ([{one['section']}]({one['link']})): {worded(said)}")
        lines += [f"- **{', '.join(said['sometimes'])}**, now and then: {worded(said)}"
                  for said in findings["finding"] if "sometimes" in said and concerns(said, title)]
        warned = [one["id"] for one in record["requirements"] if one["verdict"] == "warn"]
        if warned:
            lines += ["", f"Warnings: {', '.join(warned)}."]
    return "\n".join(lines) + "\n"


def worded(said):
    """What a finding says, with the way to it where it has a text of its own."""
    if said is None:
        return "?"
    return one_line(said["says"]) + (f" ([finding](findings/{said['file']}))" if "file" in said else "")


def shown(registry, served, findings):
    """The findings on a registry, each with what its requests print there."""
    for one in findings["finding"]:
        if "file" not in one or not registry.title.startswith(one["registries"][0]):
            continue
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(["bash", "-c", one["shows"]], env={**os.environ, "HOST": served.url}, cwd=folder, capture_output=True, text=True, timeout=60)
        printed = steady(done.stdout, served)
        links = [f"[{name}](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#{name})" for name in sections(broken_by(one))]
        yield f"docs/findings/{one['file']}", "\n".join([
            f"# {one['title']}", "",
            f"{registry.title} {registry.version}." + (f" Also: {', '.join(one['registries'][1:])}." if one["registries"][1:] else ""), "",
            one_line(one["says"]), "",
            f"Requirements: {', '.join(broken_by(one))}" + (f" ({', '.join(links)})." if links else "."), "",
            "```sh", "# HOST is the registry, such as http://127.0.0.1:5000", one["shows"].strip(), "```", "", "prints", "", "```", printed.strip(), "```", ""])


def steady(text, served):
    """What a command printed, without what differs from run to run."""
    text = text.replace(served.url, "$HOST").replace("\r", "")
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}", "(an id)", text)
    return re.sub(r"(_state=)[\w=-]+", r"\1…", text)


def sections(requirements):
    """The sections of the specification that they are in."""
    found = []
    for path in (ROOT / "suites/requirements").glob("*.yaml"):
        for part in re.split(r"\n  - id: ", path.read_text())[1:]:
            section = re.search(r"\n    section: (.*)", part)
            if part.split("\n")[0].strip() in requirements and section:
                named = re.search(r"1\.1: ([\w-]+)", section[1])
                found.append(named[1] if named else section[1].strip())
    return sorted({name for name in found if re.fullmatch(r"[\w-]+", name)})


def one_line(text):
    return " ".join(text.split())


def written(path, text, update):
    """Writes a text anew, or says that it would: what a registry does may depend on the day, and breaks nothing here."""
    old = path.read_text() if path.exists() else ""
    path.parent.mkdir(exist_ok=True)
    if update:
        path.write_text(text)
    changed = [line for line in difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    if changed and not update:
        print(f"note: {path.name} would say something else; --update writes it anew: {' '.join(changed)[:600]}")
