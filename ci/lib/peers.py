"""The peers that assay is compared with: registries, clients, and the specification's own conformance tool.

This module builds or installs each peer from the packages of its language, at the version that is pinned here, into a
cache ($ASSAY_PEERS, or the user's cache folder). This repository contains no code of the peers.
"""
import dataclasses
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

CACHE = pathlib.Path(os.environ.get("ASSAY_PEERS") or pathlib.Path.home() / ".cache" / "assay-peers")


@dataclasses.dataclass(frozen=True)
class GoProgram:
    """A program from a pinned version of a Go module."""

    name: str
    module: str
    version: str
    package: str

    @property
    def path(self):
        return CACHE / f"{self.name}-{self.version}" / self.name

    def install(self):
        """Builds the program unless the cache has it, and returns its path."""
        if self.path.exists():
            return self.path
        if not shutil.which("go"):
            sys.exit(f"building {self.name} requires `go` on PATH: install Go 1.24 or newer (https://go.dev/doc/install)")
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True)
        print(f"building {self.name} {self.version}", flush=True)
        self.build(folder)
        return self.path

    def build(self, folder):
        """Builds the program in a new module that requires the peer's module.

        Unlike `go install`, this does not query the list of versions.
        """
        (folder / "go.mod").write_text(f"module peer\n\ngo 1.24\n\nrequire {self.module} {self.version}\n")
        go(folder, "build", "-mod=mod", "-trimpath", "-o", str(self.path), self.package)


@dataclasses.dataclass(frozen=True)
class GoMainProgram(GoProgram):
    """A program of a Go module that must be built as the main module.

    Its go.mod has another name than the published module, or it contains `replace` directives.
    """

    tags: str = ""

    def build(self, folder):
        """Builds the program in the module cache; go.mod is copied because the module cache is read-only."""
        download = json.loads(go(folder, "mod", "download", "-json", f"{self.module}@{self.version}", capture_output=True, text=True).stdout)
        source = pathlib.Path(download["Dir"])
        for name in ("go.mod", "go.sum"):
            (folder / name).write_bytes((source / name).read_bytes())
        go(source, "build", "-mod=mod", f"-modfile={folder / 'go.mod'}", "-trimpath", "-tags", self.tags, "-o", str(self.path), self.package)


def go(folder, *arguments, **options):
    """Runs `go` in a folder."""
    return subprocess.run(["go", *arguments], cwd=folder, check=True, env={**os.environ, "GOFLAGS": "", "CGO_ENABLED": "0"}, **options)


@dataclasses.dataclass(frozen=True)
class GoServer(GoProgram):
    """A server that this repository writes over a pinned version of a Go module: `package` is its folder under ci/."""

    def build(self, folder):
        shutil.copy(pathlib.Path(__file__).parent.parent / self.package / "main.go", folder)
        (folder / "go.mod").write_text(f"module peer\n\ngo 1.24\n\nrequire {self.module} {self.version}\n")
        go(folder, "build", "-mod=mod", "-trimpath", "-o", str(self.path), ".")


@dataclasses.dataclass(frozen=True)
class DebianProgram:
    """A program of a Debian package, at the version that the distribution has."""

    name: str
    package: str

    def install(self):
        """Installs the package unless the program is on PATH, and returns the path of the program."""
        found = shutil.which(self.name)
        if found:
            return pathlib.Path(found)
        if not shutil.which("apt-get"):
            sys.exit(f"{self.name} is not on PATH: install it (Debian package {self.package})")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", self.package],
                       check=True, env=environment, stdout=subprocess.DEVNULL)
        return pathlib.Path(shutil.which(self.name))

    @property
    def version(self):
        result = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package], capture_output=True, text=True)
        return result.stdout.split("+")[0].split("-")[0]


GO_TOOL = GoProgram("conformance", "github.com/opencontainers/distribution-spec/conformance",
                    "v0.0.0-20260831232431-97274622c111", "github.com/opencontainers/distribution-spec/conformance")
CRANE = GoProgram("crane", "github.com/google/go-containerregistry", "v0.22.1", "github.com/google/go-containerregistry/cmd/crane")
ORAS = GoProgram("oras", "oras.land/oras", "v1.3.6", "oras.land/oras/cmd/oras")
REGCTL = GoProgram("regctl", "github.com/regclient/regclient", "v0.11.7", "github.com/regclient/regclient/cmd/regctl")
SKOPEO = DebianProgram("skopeo", "skopeo")
BUILDAH = DebianProgram("buildah", "buildah")
PODMAN = DebianProgram("podman", "podman")
SOCAT = DebianProgram("socat", "socat")
UMOCI = DebianProgram("umoci", "umoci")
DOCKER = DebianProgram("docker", "docker.io")
DOCKERD = DebianProgram("dockerd", "docker.io")
CTR = DebianProgram("ctr", "containerd")

DISTRIBUTION = GoProgram("registry", "github.com/distribution/distribution/v3", "v3.1.2",
                         "github.com/distribution/distribution/v3/cmd/registry")
DISTRIBUTION_CONFIG = """\
version: 0.1
log: {{ level: error, accesslog: {{ disabled: true }} }}
storage: {{ filesystem: {{ rootdirectory: "{folder}" }}, delete: {{ enabled: true }} }}
http: {{ addr: "127.0.0.1:{port}" }}
"""


ZOT_CONFIG = """\
{{"distSpecVersion": "1.0.1-dev", "storage": {{"rootDirectory": "{folder}/store", "gc": false}}, "log": {{"level": "error"}},
  "http": {{"address": "127.0.0.1", "port": "{port}"}}}}
"""


CACHE_CONFIG = DISTRIBUTION_CONFIG + """\
proxy: {{ remoteurl: "{upstream}" }}
"""


def pull_through_cache(upstream):
    """Returns a server for distribution as a pull-through cache of the registry at `upstream`."""
    def command(port, folder):
        config = folder / "cache.yml"
        config.write_text(CACHE_CONFIG.format(port=port, folder=folder, upstream=upstream))
        return [str(DISTRIBUTION.install()), "serve", str(config)]
    return Server("distribution (pull-through cache)", command)


def zot(program, port, folder):
    """Returns the command for zot without extensions and without garbage collection."""
    config = folder / "zot.json"
    config.write_text(ZOT_CONFIG.format(port=port, folder=folder))
    return [str(program), "serve", str(config)]


def distribution(program, port, folder):
    """Returns the command for distribution (in Debian: docker-registry), with deletion enabled."""
    config = folder / "registry.yml"
    config.write_text(DISTRIBUTION_CONFIG.format(port=port, folder=folder))
    return [str(program), "serve", str(config)]


@dataclasses.dataclass(frozen=True)
class Registry:
    """A registry under test: its program, and the command that starts it on a port with its own folder."""

    title: str
    program: GoProgram | DebianProgram
    command: object

    @property
    def name(self):
        return self.title.split()[0]

    @property
    def version(self):
        return self.program.version

    def start(self, port=None):
        return Server(self.title, lambda port, folder: self.command(self.program.install(), port, folder), port=port)


REGISTRIES = [
    Registry("docker-registry (Debian)", DebianProgram("docker-registry", "docker-registry"), distribution),
    Registry("distribution", DISTRIBUTION, distribution),
    Registry("olareg", GoProgram("olareg", "github.com/olareg/olareg", "v0.1.2", "github.com/olareg/olareg/cmd/olareg"),
             lambda program, port, folder: [str(program), "serve", "--addr", "127.0.0.1", "--port", str(port), "--store-type", "mem",
                                            "--api-delete", "--api-blob-delete"]),
    Registry("go-containerregistry", GoProgram("gcr-registry", "github.com/google/go-containerregistry", "v0.22.1",
                                               "github.com/google/go-containerregistry/cmd/registry"),
             lambda program, port, folder: [str(program), "-port", str(port)]),
    Registry("cue-labs (ocimem)", GoServer("cue-labs", "cuelabs.dev/go/oci/ociregistry", "v0.0.0-20251212221603-3adeb8663819", "cue-labs"),
             lambda program, port, folder: [str(program), f"127.0.0.1:{port}"]),
    # The last version under this module name: newer versions have other module names.
    Registry("zot", GoMainProgram("zot", "github.com/project-zot/zot", "v1.4.3", "./cmd/zot", tags="containers_image_openpgp"), zot),
]

# Registries store their content in memory where the system has a memory file system: syncing to a disk takes time.
STORAGE_PARENT = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Server:
    """A server on loopback with its own folder; the context manager starts it and stops it."""

    def __init__(self, title, command, secure=False, environment=None, port=None):
        self.title, self.command, self.secure, self.port = title, command, secure, port
        self.environment = {**os.environ, **(environment or {})}

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(dir=STORAGE_PARENT)
        port = self.port or free_port()
        self.host = f"127.0.0.1:{port}"
        self.url = f"{'https' if self.secure else 'http'}://{self.host}"
        log = pathlib.Path(self.folder.name) / "log"
        argv = self.command(port, pathlib.Path(self.folder.name))
        self.process = subprocess.Popen(argv, stdout=log.open("w"), stderr=subprocess.STDOUT, cwd=self.folder.name, env=self.environment)
        for _ in range(100):
            if self.process.poll() is not None:
                break
            if accepts_connections(self.host):
                return self
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"{self.title} did not start: {log.read_text() if log.exists() else argv}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.folder.cleanup()


def bundled(assay, *options, port=None):
    """Returns a server for the bundled registry."""
    return Server("assay serve", lambda port, _: [assay, "serve", "--addr", f"127.0.0.1:{port}", *options], port=port)


USER, PASSWORD = "someone", "something-secret"


def secured(assay, certificates):
    """Returns a server for the bundled registry with TLS and Bearer tokens; `make_certificates` made `certificates`."""
    options = ["--auth", "bearer", "--user", USER, "--tls-cert", str(certificates / "server.pem"), "--tls-key", str(certificates / "server.key")]
    return Server("assay serve with TLS and tokens", lambda port, _: [assay, "serve", "--addr", f"127.0.0.1:{port}", *options], True, {"ASSAY_PASSWORD": PASSWORD})


def make_certificates(folder):
    """Makes a certificate authority (ca.pem) and a server certificate for 127.0.0.1 (server.pem, server.key)."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    (folder / "extensions").write_text("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "extensions")
    return folder


def table(rows, markdown):
    """Returns rows as the text of a table; the first row has the titles."""
    rows = list(rows)
    if markdown:
        rows.insert(1, ("---",) * len(rows[0]))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def print_table(rows, options, name):
    """Prints a table; with `--update`, it replaces the one of this name in docs/performance.md."""
    if not options.update:
        print(table(rows, options.markdown))
        return
    page = pathlib.Path(__file__).parents[2] / "docs/performance.md"
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.read_text().partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n\n{table(rows, True)}\n\n{end}{after}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts_connections(host):
    """Returns whether a server accepts TCP connections at `host`."""
    name, port = host.rsplit(":", 1)
    try:
        socket.create_connection((name, int(port)), timeout=2).close()
        return True
    except OSError:
        return False
