"""Shows the findings on real registries by the scripts of `assay reproduce`, and writes their pages in docs/findings/.

A finding of ci/findings.toml with a `file` has a page. Its `cases` fail on the first of its registries, and the script of each
must say `reproduced` there.
"""
import fnmatch
import json
import pathlib
import re
import shlex
import subprocess
import tempfile
import tomllib

import interop_peers
import peers

# The registry that the commands on the pages name.
TARGET = "http://127.0.0.1:5000"
REPRODUCED = 1


def check(assay, update, names="*"):
    """Shows the findings whose file matches `names`, each on its registry, and returns a complaint for each that is not reproduced.

    With `update`, the pages are written; without it, `check` prints how they would change.
    """
    findings = tomllib.loads((interop_peers.ROOT / "ci/findings.toml").read_text())["finding"]
    chosen = [finding for finding in findings if fnmatch.fnmatch(finding.get("file", ""), names) and "file" in finding]
    if not chosen:
        return [f"no finding of ci/findings.toml has a file like {names}"]
    complaints = []
    for registry in peers.REGISTRIES:
        shown = [finding for finding in chosen if registry.title.startswith(finding["registries"][0])]
        if not shown:
            continue
        with registry.start() as server:
            for finding in shown:
                title = f"{registry.title} {registry.version}"
                try:
                    evidence = [line for case in finding["cases"] for line in shown_by(assay, server, case)]
                except NotReproducedError as error:
                    complaints.append(f"docs/findings/{finding['file']}: {title}: {error}")
                    continue
                print(f"{finding['file']}: reproduced on {title}", flush=True)
                path = interop_peers.ROOT / "docs/findings" / finding["file"]
                interop_peers.write_or_print_changes(path, page(finding, title, evidence), update)
    return complaints


class NotReproducedError(Exception):
    """A case whose script does not show the finding; the message says what was printed."""


def shown_by(assay, server, case):
    """Returns the lines that show a finding by the script of a case."""
    word = shlex.quote(case)
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "report.json")
        # No run selects an invariant: it is judged by all cases.
        for selection in (f" --only {word}", ""):
            result = subprocess.run([assay, "run", server.url, *shlex.split(selection), "--seed", interop_peers.SEED, "--out", folder, "--format", "json", "--progress", "never"],
                                    capture_output=True, text=True, timeout=300)
            if report.exists():
                break
        else:
            raise NotReproducedError(f"`assay run` wrote no report: {result.stderr.strip()}")
        verdicts = {one["id"]: one["verdict"] for one in json.loads(report.read_text())["cases"]}
        if verdicts.get(case) not in ("fail", "warn"):
            raise NotReproducedError(f"the verdict of the case {case} is {verdicts.get(case)}")
        made = subprocess.run([assay, "reproduce", report, case, "--target", TARGET], capture_output=True, text=True)
    if made.returncode != 0:
        raise NotReproducedError(made.stderr.strip())
    said = subprocess.run(["sh", "-s", server.url], input=made.stdout, capture_output=True, text=True, errors="replace", timeout=120)
    if said.returncode != REPRODUCED:
        raise NotReproducedError(f"the script of {case} exits with status {said.returncode}: {(said.stdout + said.stderr).strip()[-600:]}")
    return ["", f"## {case}", "",
            "```sh", f"assay run {TARGET}{selection}", f"assay reproduce reports/report.json {word} | sh", "```", "",
            "Output, as far as it shows the violation:", "", "```", violations(normalize_output(said.stdout, server)), "```"]


def page(finding, registry, evidence):
    """Returns the text of the page of a finding."""
    requirements, others = interop_peers.requirements_of_finding(finding), finding["registries"][1:]
    links = [f"[{name}]({interop_peers.SPEC_URL}#{name})" for name in sections(requirements)]
    return "\n".join([
        f"# {finding['title']}", "",
        f"Registry: {registry}." + (f" Also: {', '.join(others)}." if others else ""), "",
        interop_peers.one_line(finding["description"]), "",
        f"Requirements: {', '.join(requirements)}" + (f" ({', '.join(links)})." if links else "."),
        *evidence, ""])


def violations(output):
    """Returns the parts of the output of a script that show a violation, without headers and bodies, and its last line."""
    blocks = []
    for block in output.strip().split("\n\n"):
        if "VIOLATED: " in block:
            lines = block.split("\n")
            status = next((line for line in lines if re.fullmatch(r"< \d{3}", line)), None)
            blocks.append("\n".join(line for line in lines if line == status or not line.startswith("< ")))
    return "\n\n".join([*blocks, output.strip().split("\n")[-1]])


def normalize_output(text, server):
    """Returns the output of commands without the values that differ between runs."""
    text = text.replace(server.url, "$HOST").replace("\r", "")
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}", "(an id)", text)
    text = re.sub(r"(/blobs/uploads/)[\w-]{8,}", r"\1…", text)
    text = re.sub(r"(state=)[\w=%-]+", r"\1…", text)
    return re.sub(r"(?<![0-9a-z])[0-9a-f]{10,}(?![0-9a-z])", "…", text)


def sections(requirements):
    """Returns the sections of the specification that contain the requirements."""
    found = []
    for path in (interop_peers.ROOT / "suites/requirements").glob("*.yaml"):
        for part in re.split(r"\n  - id: ", path.read_text())[1:]:
            section = re.search(r"\n    section: (.*)", part)
            if part.split("\n")[0].strip() in requirements and section:
                named = re.search(r"1\.1: ([\w-]+)", section[1])
                found.append(named[1] if named else section[1].strip())
    return sorted({name for name in found if re.fullmatch(r"[\w-]+", name)})
