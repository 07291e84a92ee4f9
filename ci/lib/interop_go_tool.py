"""The Go tool against the bundled registry: everything passes, nothing is skipped."""
import pathlib
import tempfile

import go_tool
import peers

# What version 1.0 does not have, the tool leaves out by itself.
LEFT_OUT = {"1.0": ("/referrers", "/mount anonymous/")}


def check(assay, update):
    wrong = []
    with peers.bundled(assay) as registry:
        for version in go_tool.VERSIONS:
            wrong += judge(version, "plain", registry, {})
    with tempfile.TemporaryDirectory() as folder:
        certificates = peers.certify(pathlib.Path(folder))
        way_in = {"OCI_TLS": "enabled", "SSL_CERT_FILE": str(certificates / "ca.pem"), "OCI_USERNAME": peers.USER, "OCI_PASSWORD": peers.PASSWORD}
        with peers.locked(assay, certificates) as registry:
            for version in go_tool.VERSIONS:
                wrong += judge(version, "TLS and tokens", registry, way_in)
    return wrong


def judge(version, title, registry, way_in):
    """A run with everything on, in repositories of its own; what did not pass."""
    settings = {"OCI_REPO1": f"go-tool/v{version}/one", "OCI_REPO2": f"go-tool/v{version}/two", **go_tool.EVERYTHING, **way_in}
    verdicts, errors = go_tool.run(registry.host, version, settings)
    counts = go_tool.counts(verdicts)
    print(f"{version} {title}: {', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}", flush=True)
    if not counts["pass"]:
        return [f"the Go tool ran nothing ({version}, {title})"]
    return [f"{version} {title}: {name} is {verdict} {go_tool.plain(errors.get(name, ''))[:300]}"
            for name, verdict in verdicts.items() if verdict != "pass" and not left_out(version, name, verdict)]


def left_out(version, name, verdict):
    return verdict == "disabled" and any(part in name for part in LEFT_OUT.get(version, ()))
