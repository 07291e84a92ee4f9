"""Runs the specification's own conformance tool (written in Go) and reads the verdict of each of its tests."""
import collections
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET

import peers

VERSIONS = ("1.0", "1.1", "dev")

# The APIs of the draft that the tool tests only on request.
DRAFT_APIS = {
    "OCI_API_BLOBS_DIGEST_HEADER": "true",
    "OCI_API_BLOBS_UPLOAD_CANCEL": "true",
    "OCI_API_MANIFESTS_DIGEST_HEADER": "true",
    "OCI_API_MANIFESTS_TAG_PARAM": "true",
}


def run(host, version, settings=None):
    """Runs the tool against `host`.

    Returns the verdict of each test by name (pass, fail, skip, disabled), and the messages of the failed tests by name.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"], "HOME": folder,
            "OCI_REGISTRY": host, "OCI_TLS": "disabled", "OCI_VERSION": version, "OCI_RESULTS_DIR": folder,
            **(settings or {}),
        }
        result = subprocess.run([str(peers.GO_TOOL.install())], env=environment, cwd=folder, capture_output=True, text=True, timeout=900)
        try:
            tree = ET.parse(f"{folder}/junit.xml")
        except OSError:
            raise RuntimeError(f"the Go tool wrote no report: {result.stdout}{result.stderr}") from None
    verdicts, errors = {}, {}
    for case in tree.iter("testcase"):
        name = case.get("name").removeprefix("OCI Conformance Test/")
        verdicts[name] = worst(verdicts.get(name), verdict(case))
        if verdicts[name] == "fail":
            texts = [child.text or "" for child in case if child.tag in ("system-out", "failure", "error")]
            errors.setdefault(name, "\n".join(texts).strip())
    return verdicts, errors


def verdict(case):
    """Returns the verdict of a JUnit test case."""
    status = (case.get("status") or "").lower()
    known = {"passed": "pass", "pass": "pass", "failed": "fail", "failure": "fail", "fail": "fail", "error": "fail",
             "skipped": "skip", "skip": "skip", "disabled": "disabled"}
    found = known.get(status, status)
    # JUnit has one state for disabled and skipped tests; only a skipped test gives a reason.
    if found == "skip" and case.find("system-out") is None:
        return "disabled"
    return found


SEVERITY = ["fail", "skip", "disabled", "pass"]


def worst(first, second):
    """Returns the more severe verdict of two; either may be None."""
    return min((verdict for verdict in (first, second) if verdict), key=SEVERITY.index)


def test_kind(name):
    """Returns the name of a test without the digest algorithm and the test data."""
    match name.split("/"):
        case [group, *rest] if group in ("empty", "missing-manifest", "invalid-digest-format"):
            return f"{group}/{'/'.join(rest)}"
        case [group, *rest] if group.endswith(" blobs"):
            return f"blobs/{'/'.join(rest)}"
        case [_, *rest] if rest:
            return f"data/{'/'.join(rest)}"
    return name


def count_verdicts(verdicts):
    """Returns how many tests have each verdict."""
    return collections.Counter(verdicts.values())


def normalize(text):
    """Returns `text` as one line, without digests and ports, which differ between runs."""
    text = re.sub(r"sha(256|512):[0-9a-f]{8,}", r"sha\1:…", " ".join(text.split()))
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
