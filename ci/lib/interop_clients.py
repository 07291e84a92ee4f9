"""Runs real clients against the bundled registry: push, pull, copy, list, attach, discover, delete."""
import base64
import dataclasses
import hashlib
import http.client
import json
import os
import pathlib
import random
import subprocess
import tempfile
import urllib.parse

import peers

LARGE_BLOB_BYTES = 200 * 1000 * 1000
CHUNK_BYTES = 16 * 1024 * 1024
OCI_CLIENT_CRATE = pathlib.Path(__file__).resolve().parent.parent / "oci-client"


@dataclasses.dataclass
class RegistryAccess:
    """How clients reach the registry: host, TLS, certificate authority and credentials; `folder` is their home."""

    title: str
    host: str
    folder: pathlib.Path
    tls: bool = False
    ca: str = ""
    login: tuple = ()

    def environment(self):
        """Writes the configuration files of all clients, and returns the environment that points to them."""
        config = self.folder / "config.json"
        auths = {}
        if self.login:
            auths[self.host] = {"auth": base64.b64encode(":".join(self.login).encode()).decode()}
        config.write_text(json.dumps({"auths": auths}))
        regctl = self.folder / "regctl.json"
        regctl.write_text(json.dumps({"hosts": {self.host: {"tls": "enabled" if self.tls else "disabled", "blobChunk": CHUNK_BYTES, "blobMax": CHUNK_BYTES}}}))
        environment = {**os.environ, "HOME": str(self.folder), "DOCKER_CONFIG": str(self.folder), "REGISTRY_AUTH_FILE": str(config),
                       "REGCTL_CONFIG": str(regctl), "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot", "XDG_RUNTIME_DIR": str(self.folder)}
        if self.ca:
            environment["SSL_CERT_FILE"] = self.ca
        return environment

    def run(self, *command):
        """Runs a client and returns its standard output; raises ClientFailure if it fails."""
        result = subprocess.run([str(argument) for argument in command], env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=300)
        if result.returncode:
            raise ClientFailure(f"{pathlib.Path(str(command[0])).name} {' '.join(map(str, command[1:]))}: {(result.stderr or result.stdout).strip()[-600:]}")
        return result.stdout

    def run_expecting_failure(self, *command):
        """Runs a client; raises ClientFailure if it succeeds."""
        try:
            self.run(*command)
        except ClientFailure:
            return
        raise ClientFailure(f"{' '.join(map(str, command))} succeeded, but should fail")


class ClientFailure(Exception):
    """A client did not do what the test expects."""


def expect_equal(what, actual, expected):
    if actual != expected:
        raise ClientFailure(f"{what}: expected {expected!r}, got {actual!r}")


def expect_contains(what, actual, expected):
    if expected not in actual:
        raise ClientFailure(f"{what}: {actual!r} does not contain {expected!r}")


def skopeo(access, layout):
    """skopeo copies to, between and from repositories, inspects, lists tags and deletes."""
    program = peers.SKOPEO.install()
    insecure = [] if access.tls else ["--src-tls-verify=false", "--dest-tls-verify=false"]
    plain = [] if access.tls else ["--tls-verify=false"]
    image = f"docker://{access.host}/skopeo/app:1"
    access.run(program, "--insecure-policy", "copy", *insecure, f"oci:{layout}:1", image)
    access.run(program, "--insecure-policy", "copy", *insecure, image, f"docker://{access.host}/skopeo/copy:1")
    access.run(program, "--insecure-policy", "copy", *insecure, f"docker://{access.host}/skopeo/copy:1", f"oci:{access.folder}/skopeo:1")
    expect_equal("the digest after the copy", json.loads((access.folder / "skopeo/index.json").read_text())["manifests"][0]["digest"], digest_of(layout))
    expect_equal("skopeo inspect", json.loads(access.run(program, "inspect", *plain, image))["Digest"], digest_of(layout))
    expect_equal("skopeo list-tags", json.loads(access.run(program, "list-tags", *plain, f"docker://{access.host}/skopeo/app"))["Tags"], ["1"])
    access.run(program, "delete", *plain, f"docker://{access.host}/skopeo/copy:1")
    access.run_expecting_failure(program, "inspect", *plain, f"docker://{access.host}/skopeo/copy:1")


def buildah(access, layout):
    """buildah builds, pushes and pulls an image."""
    program = peers.BUILDAH.install()
    verify = f"--tls-verify={'true' if access.tls else 'false'}"
    store = ["--root", str(access.folder / "store"), "--runroot", str(access.folder / "run"), "--storage-driver", "vfs"]
    built = access.run(program, *store, "from", "scratch").strip()
    access.run(program, *store, "add", built, layout / "oci-layout", "/oci-layout")
    access.run(program, *store, "commit", built, "built")
    access.run(program, *store, "push", verify, "built", f"docker://{access.host}/buildah/app:1")
    access.run(program, *store, "rmi", "--all", "--force")
    access.run(program, *store, "pull", verify, f"docker://{access.host}/buildah/app:1")


def crane(access, layout):
    """crane pushes, reads the digest, copies, lists, pulls and deletes."""
    program = peers.CRANE.install()
    app = f"{access.host}/crane/app"
    access.run(program, "push", layout, f"{app}:1")
    expect_equal("crane digest", access.run(program, "digest", f"{app}:1").strip(), digest_of(layout))
    access.run(program, "copy", f"{app}:1", f"{access.host}/crane/copy:2")
    access.run(program, "tag", f"{app}:1", "second")
    # The order is the registry's.
    expect_equal("crane ls", sorted(access.run(program, "ls", app).split()), ["1", "second"])
    access.run(program, "pull", "--format", "oci", f"{access.host}/crane/copy:2", access.folder / "crane")
    access.run(program, "validate", "--remote", f"{app}:second")
    # docker-registry deletes by digest alone.
    access.run(program, "delete", f"{access.host}/crane/copy@{digest_of(layout)}")
    access.run_expecting_failure(program, "digest", f"{access.host}/crane/copy:2")


def oras(access, layout):
    """oras pushes, attaches, discovers, copies with referrers, pulls and deletes."""
    program = peers.ORAS.install()
    plain = [] if access.tls else ["--plain-http"]
    between = [] if access.tls else ["--from-plain-http", "--to-plain-http"]
    app = f"{access.host}/oras/app"
    (access.folder / "note.txt").write_text("a note\n")
    (access.folder / "sbom.json").write_text("{}\n")
    access.run(program, "push", *plain, "--artifact-type", "application/vnd.example.note", f"{app}:1", "note.txt:text/plain")
    access.run(program, "attach", *plain, "--artifact-type", "application/vnd.example.sbom", f"{app}:1", "sbom.json:application/json")
    discovered = json.loads(access.run(program, "discover", *plain, "--format", "json", f"{app}:1"))
    referrers = discovered.get("referrers") or discovered.get("manifests") or []
    expect_equal("oras discover", [referrer["artifactType"] for referrer in referrers], ["application/vnd.example.sbom"])
    access.run(program, "copy", *between, "--recursive", f"{app}:1", f"{access.host}/oras/copy:1")
    expect_contains("the copy's referrers", access.run(program, "discover", *plain, "--format", "json", f"{access.host}/oras/copy:1"), "vnd.example.sbom")
    (access.folder / "pulled").mkdir(exist_ok=True)
    access.run(program, "pull", *plain, "--output", access.folder / "pulled", f"{access.host}/oras/copy:1")
    expect_equal("the file that oras pulled", (access.folder / "pulled/note.txt").read_text(), "a note\n")
    expect_equal("oras repo tags", access.run(program, "repo", "tags", *plain, app).split(), ["1"])
    access.run(program, "manifest", "delete", *plain, "--force", f"{access.host}/oras/copy:1")
    access.run_expecting_failure(program, "manifest", "fetch", *plain, f"{access.host}/oras/copy:1")


def regctl(access, layout):
    """regctl copies an image (which mounts its blobs), attaches an artifact, lists and deletes tags, and pushes a 200 MB blob in chunks."""
    program = peers.REGCTL.install()
    app = f"{access.host}/regctl/app"
    access.run(program, "image", "copy", f"ocidir://{layout}:1", f"{app}:1")
    access.run(program, "image", "copy", f"{app}:1", f"{access.host}/regctl/copy:1")
    expect_equal("regctl manifest head", access.run(program, "manifest", "head", f"{access.host}/regctl/copy:1").strip(), digest_of(layout))
    (access.folder / "artifact.txt").write_text("attached\n")
    access.run(program, "artifact", "put", "--artifact-type", "application/vnd.example.note", "--subject", f"{app}:1", "--file", access.folder / "artifact.txt")
    expect_contains("regctl artifact list", access.run(program, "artifact", "list", f"{app}:1"), "vnd.example.note")
    expect_equal("regctl tag ls", access.run(program, "tag", "ls", app).split(), ["1"])
    access.run(program, "tag", "delete", f"{access.host}/regctl/copy:1")
    access.run_expecting_failure(program, "manifest", "head", f"{access.host}/regctl/copy:1")
    large = access.folder / "large"
    digest = random_file(large, LARGE_BLOB_BYTES)
    with large.open("rb") as content:
        result = subprocess.run([str(program), "blob", "put", app], stdin=content, env=access.environment(), capture_output=True, text=True, timeout=300)
    expect_equal("regctl blob put", (result.returncode, result.stdout.strip() or result.stderr), (0, digest))
    with (access.folder / "large-pulled").open("wb") as pulled:
        subprocess.run([str(program), "blob", "get", app, digest], stdout=pulled, env=access.environment(), check=True, timeout=300)
    expect_equal("the large blob", file_digest(access.folder / "large-pulled"), digest)


def oci_client(access, layout):
    """The Rust crate oci-client pushes in chunks, mounts, pulls, and lists tags and referrers."""
    subprocess.run(["cargo", "build", "--quiet", "--locked"], cwd=OCI_CLIENT_CRATE, check=True, env={**os.environ, "CARGO_TARGET_DIR": str(peers.CACHE / "rust")})
    environment = access.environment()
    if access.login:
        environment["CHECK_USERNAME"], environment["CHECK_PASSWORD"] = access.login
    result = subprocess.run([str(peers.CACHE / "rust/debug/oci-client-check"), access.host, *([access.ca] if access.tls else [])],
                            env=environment, capture_output=True, text=True, timeout=300)
    expect_equal("oci-client", (result.returncode, result.stderr.strip()), (0, ""))


def resume_upload(access, layout):
    """Breaks the connection in the middle of a chunk, reads the upload's progress with GET, and resumes the upload."""
    content = random.Random(7).randbytes(3_000_000)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    location = request(access, "POST", "/v2/resume/app/blobs/uploads/").getheader("Location")
    location = request(access, "PATCH", location, content[:1_000_000], {"Content-Range": "0-999999"}).getheader("Location")
    broken = connection(access)
    broken.putrequest("PATCH", path_of(location))
    for name, value in {"Content-Range": "1000000-1999999", "Content-Length": "1000000", **authorization(access)}.items():
        broken.putheader(name, value)
    broken.endheaders()
    broken.send(content[1_000_000:1_300_000])
    broken.close()
    progress = request(access, "GET", location)
    expect_equal("GET on the upload URL", progress.status, 204)
    start = int(progress.getheader("Range").split("-")[1]) + 1
    headers = {"Content-Range": f"{start}-{len(content) - 1}"}
    location = request(access, "PATCH", progress.getheader("Location"), content[start:], headers).getheader("Location")
    separator = "&" if "?" in location else "?"
    expect_equal("the closing PUT", request(access, "PUT", f"{location}{separator}digest={digest}").status, 201)
    blob = request(access, "GET", f"/v2/resume/app/blobs/{digest}")
    expect_equal("the blob", hashlib.sha256(blob.body).hexdigest(), digest.split(":")[1])


def authorization(access):
    return {"Authorization": "Basic " + base64.b64encode(":".join(access.login).encode()).decode()} if access.login else {}


def connection(access):
    if access.tls:
        import ssl
        return http.client.HTTPSConnection(access.host, timeout=60, context=ssl.create_default_context(cafile=access.ca))
    return http.client.HTTPConnection(access.host, timeout=60)


def path_of(location):
    parts = urllib.parse.urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def request(access, method, location, body=None, headers=None):
    client = connection(access)
    client.request(method, path_of(location), body, {**authorization(access), **(headers or {})})
    response = client.getresponse()
    response.body = response.read()
    client.close()
    if response.status >= 400:
        raise ClientFailure(f"{method} {location}: {response.status} {response.body[:200]!r}")
    return response


def random_file(path, size):
    """Writes a file of `size` random bytes, which do not compress, and returns its digest."""
    source = random.Random(size)
    with path.open("wb") as file:
        for start in range(0, size, CHUNK_BYTES):
            file.write(source.randbytes(min(CHUNK_BYTES, size - start)))
    return file_digest(path)


def file_digest(path):
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def digest_of(layout):
    return json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]


def make_layout(folder):
    """Makes an image of one layer with umoci, and returns the folder of its OCI layout."""
    program, layout = peers.UMOCI.install(), folder / "layout"
    (folder / "content").write_text("some content\n")
    for command in (["init", "--layout", layout], ["new", "--image", f"{layout}:1"], ["insert", "--rootless", "--image", f"{layout}:1", folder / "content", "/content"],
                    ["config", "--image", f"{layout}:1", "--author", "assay"], ["gc", "--layout", layout]):
        subprocess.run([str(program), *map(str, command)], check=True, capture_output=True)
    return layout


INTEROP_CLIENTS = [skopeo, buildah, crane, oras, regctl, oci_client, resume_upload]


def run_clients(access, layout, clients=INTEROP_CLIENTS):
    """Runs each client with the same access; returns a complaint for each failure."""
    complaints = []
    for client in clients:
        try:
            client(access, layout)
            print(f"{client.__name__} ({access.title}): ok", flush=True)
        except (ClientFailure, subprocess.SubprocessError, OSError, KeyError, ValueError) as error:
            complaints.append(f"{client.__name__} ({access.title}): {error}")
    return complaints


def check(assay, update):
    """Runs the clients over plain HTTP, and over TLS with tokens; returns the complaints."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        layout = make_layout(folder)
        (folder / "plain").mkdir()
        with peers.bundled(assay) as registry:
            complaints = run_clients(RegistryAccess("plain HTTP", registry.host, folder / "plain"), layout)
        certificates = peers.make_certificates(folder)
        (folder / "secured").mkdir()
        with peers.secured(assay, certificates) as registry:
            access = RegistryAccess("TLS and tokens", registry.host, folder / "secured", True, str(certificates / "ca.pem"), (peers.USER, peers.PASSWORD))
            # `resume_upload` cannot get tokens.
            complaints += run_clients(access, layout, [client for client in INTEROP_CLIENTS if client is not resume_upload])
    return complaints
