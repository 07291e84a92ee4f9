"""Runs the Go tool against the bundled registry: every test must pass, and no test may be skipped."""
import pathlib
import tempfile

import go_tool
import peers

# The tests that the tool disables because the version does not have the API, as parts of their names.
NOT_IN_VERSION = {"1.0": ("/referrers", "/mount anonymous/")}


def check(assay, update):
    """Runs the tool for each version, over plain HTTP and over TLS with tokens; returns the complaints."""
    complaints = []
    with peers.bundled(assay) as registry:
        for version in go_tool.VERSIONS:
            complaints += run_version(version, "plain HTTP", registry, {})
    with tempfile.TemporaryDirectory() as folder:
        certificates = peers.make_certificates(pathlib.Path(folder))
        access = {"OCI_TLS": "enabled", "SSL_CERT_FILE": str(certificates / "ca.pem"), "OCI_USERNAME": peers.USER, "OCI_PASSWORD": peers.PASSWORD}
        with peers.secured(assay, certificates) as registry:
            for version in go_tool.VERSIONS:
                complaints += run_version(version, "TLS and tokens", registry, access)
    return complaints


def run_version(version, title, registry, access):
    """Runs the tool with all APIs enabled, in its own repositories; returns a complaint for each test that did not pass."""
    settings = {"OCI_REPO1": f"go-tool/v{version}/one", "OCI_REPO2": f"go-tool/v{version}/two", **go_tool.DRAFT_APIS, **access}
    verdicts, errors = go_tool.run(registry.host, version, settings)
    counts = go_tool.count_verdicts(verdicts)
    print(f"{version} {title}: {', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}", flush=True)
    if not counts["pass"]:
        return [f"the Go tool passed no test ({version}, {title})"]
    return [f"{version} {title}: {name} is {verdict} {go_tool.normalize(errors.get(name, ''))[:300]}"
            for name, verdict in verdicts.items() if verdict != "pass" and not is_not_in_version(version, name, verdict)]


def is_not_in_version(version, name, verdict):
    """Returns whether the tool disabled a test because the version does not have its API."""
    return verdict == "disabled" and any(part in name for part in NOT_IN_VERSION.get(version, ()))
