"""Real clients, tested with assay: what they need, and what is kept out of documents."""
import json
import os
import subprocess

import peers

# The programs of each client that has an adapter.
CLIENT_PROGRAMS = {
    "skopeo": (peers.SKOPEO,), "buildah": (peers.BUILDAH,), "podman": (peers.PODMAN,), "docker": (peers.DOCKER, peers.DOCKERD),
    "ctr": (peers.CTR,), "crane": (peers.CRANE,), "oras": (peers.ORAS,), "regctl": (peers.REGCTL,),
}
# Requirements whose violation endangers the user of a client: content that nobody signed for, files of the user, or a
# password elsewhere. The maintainers of a client come first.
DANGEROUS = {
    "client-blob-verified", "client-blob-digest-verified", "client-manifest-reference-verified", "client-manifest-digest-verified",
    "client-media-type-match", "client-redirect-credentials", "client-credentials-host", "client-credentials-port",
    "client-descriptor-size", "client-descriptor-size-first", "client-redirect-loop", "client-mount-digest-verified",
    "client-manifest-put-digest-verified", "client-certificate-verified", "client-layer-destination", "client-layer-existing-path",
}
# With retries, the slowest scenarios of the slowest client.
HANGS = 900


def install(name):
    """Installs a client; returns the environment that leads assay to it."""
    environment = dict(os.environ)
    for program in CLIENT_PROGRAMS[name]:
        environment[f"ASSAY_{program.name.upper()}"] = str(program.install())
    return environment


def run(assay, name, folder, *more):
    """Tests one client; returns its report, or nothing and why."""
    command = [assay, "client", "run", name, "--spec", "dev", "--out", str(folder / name), "--progress", "never", "--quiet", *more]
    try:
        result = subprocess.run(command, env=install(name), capture_output=True, text=True, timeout=HANGS)
    except subprocess.TimeoutExpired:
        return None, f"{name}: still running after {HANGS} s"
    report = folder / name / "report.json"
    if result.returncode not in (0, 1, 3) or not report.exists():
        return None, f"{name}: status {result.returncode}: {(result.stderr or result.stdout).strip()[-400:]}"
    return json.loads(report.read_text()), None
