"""The specification's own conformance tool (in Go): run against a registry, and what it says of each of its tests."""
import collections
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET

import peers

VERSIONS = ("1.0", "1.1", "dev")

# What is left out unless told, and a registry of the draft has.
EVERYTHING = {
    "OCI_API_BLOBS_DIGEST_HEADER": "true",
    "OCI_API_BLOBS_UPLOAD_CANCEL": "true",
    "OCI_API_MANIFESTS_DIGEST_HEADER": "true",
    "OCI_API_MANIFESTS_TAG_PARAM": "true",
}


def run(host, version, settings=None):
    """Runs it; gives the verdict of each test by its name (pass, fail, skip, disabled), and what it says of the worst."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"], "HOME": folder,
            "OCI_REGISTRY": host, "OCI_TLS": "disabled", "OCI_VERSION": version, "OCI_RESULTS_DIR": folder,
            **(settings or {}),
        }
        done = subprocess.run([str(peers.GO_TOOL.install())], env=environment, cwd=folder, capture_output=True, text=True, timeout=900)
        try:
            tree = ET.parse(f"{folder}/junit.xml")
        except OSError:
            raise RuntimeError(f"the Go tool wrote no report: {done.stdout}{done.stderr}") from None
    verdicts, errors = {}, {}
    for case in tree.iter("testcase"):
        name = case.get("name").removeprefix("OCI Conformance Test/")
        verdicts[name] = worst(verdicts.get(name), verdict(case))
        if verdicts[name] == "fail":
            texts = [child.text or "" for child in case if child.tag in ("system-out", "failure", "error")]
            errors.setdefault(name, "\n".join(texts).strip())
    return verdicts, errors


def verdict(case):
    status = (case.get("status") or "").lower()
    known = {"passed": "pass", "pass": "pass", "failed": "fail", "failure": "fail", "fail": "fail", "error": "fail",
             "skipped": "skip", "skip": "skip", "disabled": "disabled"}
    found = known.get(status, status)
    # Disabled tests count as skipped there; those that were tried and declined say why.
    if found == "skip" and case.find("system-out") is None:
        return "disabled"
    return found


ORDER = ["fail", "skip", "disabled", "pass"]


def worst(one, other):
    return min((each for each in (one, other) if each), key=ORDER.index)


def kind(name):
    """What a test does, whatever it does it with: the name without the algorithm and the data."""
    match name.split("/"):
        case [group, *rest] if group in ("empty", "missing-manifest", "invalid-digest-format"):
            return f"{group}/{'/'.join(rest)}"
        case [group, *rest] if group.endswith(" blobs"):
            return f"blobs/{'/'.join(rest)}"
        case [_, *rest] if rest:
            return f"data/{'/'.join(rest)}"
    return name


def counts(verdicts):
    return collections.Counter(verdicts.values())


def plain(text):
    """One line, without what differs from run to run."""
    text = re.sub(r"sha(256|512):[0-9a-f]{8,}", r"sha\1:…", " ".join(text.split()))
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
