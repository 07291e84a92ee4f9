"""The Go tool against the bundled registry: everything passes, nothing is skipped."""
import pathlib
import tempfile

import go_tool
import peers

# What version 1.0 does not have, the tool leaves out by itself.
LEFT_OUT = {"1.0": ("/referrers", "/mount anonymous/")}


def check(assay, update, strict=False):
    wrong = []
    with peers.bundled(assay) as registry:
        for version in go_tool.VERSIONS:
            settings = {"OCI_REPO1": f"go-tool/v{version}/one", "OCI_REPO2": f"go-tool/v{version}/two", **go_tool.EVERYTHING}
            wrong += judge(version, *go_tool.run(registry.host, version, settings))
    with tempfile.TemporaryDirectory() as folder:
        certificates = peers.certify(pathlib.Path(folder))
        with peers.locked(assay, certificates) as registry:
            settings = {"OCI_TLS": "enabled", "SSL_CERT_FILE": str(certificates / "ca.pem"), "OCI_USERNAME": peers.USER, "OCI_PASSWORD": peers.PASSWORD,
                        "OCI_REPO1": "go-tool/one", "OCI_REPO2": "go-tool/two", **go_tool.EVERYTHING}
            wrong += judge("1.1", *go_tool.run(registry.host, "1.1", settings), title="TLS and tokens")
    return wrong


def judge(version, verdicts, errors, title="plain"):
    counts = go_tool.counts(verdicts)
    print(f"{version} {title}: {', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}", flush=True)
    if not counts["pass"]:
        return [f"the Go tool ran nothing ({version}, {title})"]
    return [f"{version} {title}: {name} is {verdict} {go_tool.plain(errors.get(name, ''))[:300]}"
            for name, verdict in verdicts.items() if verdict != "pass" and not left_out(version, name, verdict)]


def left_out(version, name, verdict):
    return verdict == "disabled" and any(part in name for part in LEFT_OUT.get(version, ()))
