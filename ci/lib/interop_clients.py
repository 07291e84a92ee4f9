"""Real clients against the bundled registry: push, pull, copy, list, attach, discover, delete."""
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

LARGE = 200 * 1000 * 1000
PIECE = 16 * 1024 * 1024
RUST = pathlib.Path(__file__).resolve().parent.parent / "oci-client"


@dataclasses.dataclass
class Way:
    """How clients get in: the registry's host, whether it speaks TLS, and what they may need to know for it."""

    title: str
    host: str
    folder: pathlib.Path
    tls: bool = False
    ca: str = ""
    login: tuple = ()

    def environment(self):
        """Credentials and certificates are where all of these programs look for them."""
        config = self.folder / "config.json"
        auths = {}
        if self.login:
            auths[self.host] = {"auth": base64.b64encode(":".join(self.login).encode()).decode()}
        config.write_text(json.dumps({"auths": auths}))
        regctl = self.folder / "regctl.json"
        regctl.write_text(json.dumps({"hosts": {self.host: {"tls": "enabled" if self.tls else "disabled", "blobChunk": PIECE, "blobMax": PIECE}}}))
        environment = {**os.environ, "HOME": str(self.folder), "DOCKER_CONFIG": str(self.folder), "REGISTRY_AUTH_FILE": str(config),
                       "REGCTL_CONFIG": str(regctl), "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot", "XDG_RUNTIME_DIR": str(self.folder)}
        if self.ca:
            environment["SSL_CERT_FILE"] = self.ca
        return environment

    def run(self, *command):
        """Runs a client; what it printed."""
        done = subprocess.run([str(one) for one in command], env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise Wrong(f"{pathlib.Path(str(command[0])).name} {' '.join(map(str, command[1:]))}: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout

    def refuses(self, *command):
        try:
            self.run(*command)
        except Wrong:
            return
        raise Wrong(f"{' '.join(map(str, command))} was to fail")


class Wrong(Exception):
    """A client could not do what it was to."""


def same(what, found, wanted):
    if found != wanted:
        raise Wrong(f"{what}: {found!r}, not {wanted!r}")


def has(what, found, wanted):
    if wanted not in found:
        raise Wrong(f"{what}: {found!r} does not have {wanted!r}")


def skopeo(way, layout):
    """skopeo: copy to, between and from repositories, inspect, list tags, delete."""
    program = peers.SKOPEO.install()
    insecure = [] if way.tls else ["--src-tls-verify=false", "--dest-tls-verify=false"]
    one = [] if way.tls else ["--tls-verify=false"]
    there = f"docker://{way.host}/skopeo/app:1"
    way.run(program, "--insecure-policy", "copy", *insecure, f"oci:{layout}:1", there)
    way.run(program, "--insecure-policy", "copy", *insecure, there, f"docker://{way.host}/skopeo/copy:1")
    way.run(program, "--insecure-policy", "copy", *insecure, f"docker://{way.host}/skopeo/copy:1", f"oci:{way.folder}/skopeo:1")
    same("what came back", json.loads((way.folder / "skopeo/index.json").read_text())["manifests"][0]["digest"], digest_of(layout))
    same("skopeo inspect", json.loads(way.run(program, "inspect", *one, there))["Digest"], digest_of(layout))
    same("skopeo list-tags", json.loads(way.run(program, "list-tags", *one, f"docker://{way.host}/skopeo/app"))["Tags"], ["1"])
    way.run(program, "delete", *one, f"docker://{way.host}/skopeo/copy:1")
    way.refuses(program, "inspect", *one, f"docker://{way.host}/skopeo/copy:1")


def buildah(way, layout):
    """buildah: build, push, pull."""
    program = peers.BUILDAH.install()
    verify = f"--tls-verify={'true' if way.tls else 'false'}"
    store = ["--root", str(way.folder / "store"), "--runroot", str(way.folder / "run"), "--storage-driver", "vfs"]
    built = way.run(program, *store, "from", "scratch").strip()
    way.run(program, *store, "add", built, layout / "oci-layout", "/oci-layout")
    way.run(program, *store, "commit", built, "built")
    way.run(program, *store, "push", verify, "built", f"docker://{way.host}/buildah/app:1")
    way.run(program, *store, "rmi", "--all", "--force")
    way.run(program, *store, "pull", verify, f"docker://{way.host}/buildah/app:1")


def crane(way, layout):
    """crane: push, digest, copy, list, pull, delete."""
    program = peers.CRANE.install()
    app = f"{way.host}/crane/app"
    way.run(program, "push", layout, f"{app}:1")
    same("crane digest", way.run(program, "digest", f"{app}:1").strip(), digest_of(layout))
    way.run(program, "copy", f"{app}:1", f"{way.host}/crane/copy:2")
    way.run(program, "tag", f"{app}:1", "second")
    same("crane ls", way.run(program, "ls", app).split(), ["1", "second"])
    way.run(program, "pull", "--format", "oci", f"{way.host}/crane/copy:2", way.folder / "crane")
    way.run(program, "validate", "--remote", f"{app}:second")
    way.run(program, "delete", f"{way.host}/crane/copy:2")
    way.refuses(program, "digest", f"{way.host}/crane/copy:2")


def oras(way, layout):
    """oras: push, attach, discover, pull, copy with referrers, delete."""
    program = peers.ORAS.install()
    plain = [] if way.tls else ["--plain-http"]
    between = [] if way.tls else ["--from-plain-http", "--to-plain-http"]
    app = f"{way.host}/oras/app"
    (way.folder / "note.txt").write_text("a note\n")
    (way.folder / "sbom.json").write_text("{}\n")
    way.run(program, "push", *plain, "--artifact-type", "application/vnd.example.note", f"{app}:1", "note.txt:text/plain")
    way.run(program, "attach", *plain, "--artifact-type", "application/vnd.example.sbom", f"{app}:1", "sbom.json:application/json")
    found = json.loads(way.run(program, "discover", *plain, "--format", "json", f"{app}:1"))
    listed = found.get("referrers") or found.get("manifests") or []
    same("oras discover", [one["artifactType"] for one in listed], ["application/vnd.example.sbom"])
    way.run(program, "copy", *between, "--recursive", f"{app}:1", f"{way.host}/oras/copy:1")
    has("the copy's referrers", way.run(program, "discover", *plain, "--format", "json", f"{way.host}/oras/copy:1"), "vnd.example.sbom")
    (way.folder / "pulled").mkdir(exist_ok=True)
    way.run(program, "pull", *plain, "--output", way.folder / "pulled", f"{way.host}/oras/copy:1")
    same("what oras pulled", (way.folder / "pulled/note.txt").read_text(), "a note\n")
    same("oras repo tags", way.run(program, "repo", "tags", *plain, app).split(), ["1"])
    way.run(program, "manifest", "delete", *plain, "--force", f"{way.host}/oras/copy:1")
    way.refuses(program, "manifest", "fetch", *plain, f"{way.host}/oras/copy:1")


def regctl(way, layout):
    """regctl: a 200 MB layer in chunks, mount by copying, artifacts, tag listing and deletion."""
    program = peers.REGCTL.install()
    app = f"{way.host}/regctl/app"
    way.run(program, "image", "copy", f"ocidir://{layout}:1", f"{app}:1")
    way.run(program, "image", "copy", f"{app}:1", f"{way.host}/regctl/copy:1")
    same("regctl manifest head", way.run(program, "manifest", "head", f"{way.host}/regctl/copy:1").strip(), digest_of(layout))
    (way.folder / "artifact.txt").write_text("attached\n")
    way.run(program, "artifact", "put", "--artifact-type", "application/vnd.example.note", "--subject", f"{app}:1", "--file", way.folder / "artifact.txt")
    has("regctl artifact list", way.run(program, "artifact", "list", f"{app}:1"), "vnd.example.note")
    same("regctl tag ls", way.run(program, "tag", "ls", app).split(), ["1"])
    way.run(program, "tag", "delete", f"{way.host}/regctl/copy:1")
    way.refuses(program, "manifest", "head", f"{way.host}/regctl/copy:1")
    large = way.folder / "large"
    digest = random_file(large, LARGE)
    with large.open("rb") as content:
        done = subprocess.run([str(program), "blob", "put", app], stdin=content, env=way.environment(), capture_output=True, text=True, timeout=300)
    same("regctl blob put", (done.returncode, done.stdout.strip() or done.stderr), (0, digest))
    with (way.folder / "large-again").open("wb") as back:
        subprocess.run([str(program), "blob", "get", app, digest], stdout=back, env=way.environment(), check=True, timeout=300)
    same("the large blob", file_digest(way.folder / "large-again"), digest)


def oci_client(way, layout):
    """The Rust client: push in chunks, mount, pull, list tags and referrers."""
    subprocess.run(["cargo", "build", "--quiet", "--locked"], cwd=RUST, check=True, env={**os.environ, "CARGO_TARGET_DIR": str(peers.CACHE / "rust")})
    environment = way.environment()
    if way.login:
        environment["CHECK_USERNAME"], environment["CHECK_PASSWORD"] = way.login
    done = subprocess.run([str(peers.CACHE / "rust/debug/oci-client-check"), way.host, *([way.ca] if way.tls else [])],
                          env=environment, capture_output=True, text=True, timeout=300)
    same("oci-client", (done.returncode, done.stderr.strip()), (0, ""))


def resumed(way, layout):
    """An upload whose connection breaks in the middle of a chunk is asked for its state, and goes on."""
    content = random.Random(7).randbytes(3_000_000)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    location = request(way, "POST", "/v2/resumed/app/blobs/uploads/").getheader("Location")
    location = request(way, "PATCH", location, content[:1_000_000], {"Content-Range": "0-999999"}).getheader("Location")
    broken = connection(way)
    broken.putrequest("PATCH", path_of(location))
    for name, value in {"Content-Range": "1000000-1999999", "Content-Length": "1000000", **authorization(way)}.items():
        broken.putheader(name, value)
    broken.endheaders()
    broken.send(content[1_000_000:1_300_000])
    broken.close()
    state = request(way, "GET", location)
    same("the state of the upload", state.status, 204)
    start = int(state.getheader("Range").split("-")[1]) + 1
    last = {"Content-Range": f"{start}-{len(content) - 1}"}
    location = request(way, "PATCH", state.getheader("Location"), content[start:], last).getheader("Location")
    separator = "&" if "?" in location else "?"
    same("the closing PUT", request(way, "PUT", f"{location}{separator}digest={digest}").status, 201)
    got = request(way, "GET", f"/v2/resumed/app/blobs/{digest}")
    same("the blob", hashlib.sha256(got.body).hexdigest(), digest.split(":")[1])


def authorization(way):
    return {"Authorization": "Basic " + base64.b64encode(":".join(way.login).encode()).decode()} if way.login else {}


def connection(way):
    if way.tls:
        import ssl
        return http.client.HTTPSConnection(way.host, timeout=60, context=ssl.create_default_context(cafile=way.ca))
    return http.client.HTTPConnection(way.host, timeout=60)


def path_of(location):
    parts = urllib.parse.urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def request(way, method, location, body=None, headers=None):
    client = connection(way)
    client.request(method, path_of(location), body, {**authorization(way), **(headers or {})})
    answer = client.getresponse()
    answer.body = answer.read()
    client.close()
    if answer.status >= 400:
        raise Wrong(f"{method} {location}: {answer.status} {answer.body[:200]!r}")
    return answer


def random_file(path, size):
    """A file that no compression makes smaller; its digest."""
    source = random.Random(size)
    with path.open("wb") as file:
        for start in range(0, size, PIECE):
            file.write(source.randbytes(min(PIECE, size - start)))
    return file_digest(path)


def file_digest(path):
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def digest_of(layout):
    return json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]


def make_layout(folder):
    """An image of one layer, made with umoci."""
    program, layout = peers.UMOCI.install(), folder / "layout"
    (folder / "content").write_text("some content\n")
    for command in (["init", "--layout", layout], ["new", "--image", f"{layout}:1"], ["insert", "--rootless", "--image", f"{layout}:1", folder / "content", "/content"],
                    ["config", "--image", f"{layout}:1", "--author", "assay"], ["gc", "--layout", layout]):
        subprocess.run([str(program), *map(str, command)], check=True, capture_output=True)
    return layout


CLIENTS = [skopeo, buildah, crane, oras, regctl, oci_client, resumed]


def through(way, layout, clients=CLIENTS):
    """Every client, one way in; what went wrong."""
    wrong = []
    for client in clients:
        try:
            client(way, layout)
            print(f"{client.__name__} ({way.title}): as it should", flush=True)
        except (Wrong, subprocess.SubprocessError, OSError, KeyError, ValueError) as problem:
            wrong.append(f"{client.__name__} ({way.title}): {problem}")
    return wrong


def check(assay, update):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        layout = make_layout(folder)
        (folder / "plain").mkdir()
        with peers.bundled(assay) as registry:
            wrong = through(Way("plain HTTP", registry.host, folder / "plain"), layout)
        certificates = peers.certify(folder)
        (folder / "locked").mkdir()
        with peers.locked(assay, certificates) as registry:
            way = Way("TLS and tokens", registry.host, folder / "locked", True, str(certificates / "ca.pem"), (peers.USER, peers.PASSWORD))
            # Of those that came through, `resumed` has no tokens of its own.
            wrong += through(way, layout, [client for client in CLIENTS if client is not resumed])
    return wrong
