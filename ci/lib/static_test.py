"""Runs a static binary in a root that contains nothing else: names resolve, certificates are found, or named as missing."""
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

import peers

# A loopback address of its own, because /etc/resolv.conf names no port.
NAMESERVER = "127.0.0.77"
NAME = "registry.test"

CHROOT = shutil.which("chroot") or "/usr/sbin/chroot"


def serve_names(server):
    """Answers DNS requests: NAME is 127.0.0.1, and no other name exists (RFC 1035)."""
    while True:
        try:
            request, client = server.recvfrom(512)
        except OSError:
            return
        labels, end = [], 12
        while request[end]:
            labels.append(request[end + 1:end + 1 + request[end]].decode())
            end += request[end] + 1
        question = request[12:end + 5]
        (kind,) = struct.unpack("!H", request[end + 1:end + 3])
        known = ".".join(labels).lower() == NAME
        answer = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton("127.0.0.1") if known and kind == 1 else b""
        flags = 0x8180 if known else 0x8183
        server.sendto(request[:2] + struct.pack("!HHHHH", flags, 1, 1 if answer else 0, 0, 0) + question + answer, client)


class Root:
    """An empty root with the binary."""

    def __init__(self, folder, assay):
        self.folder = folder / "root"
        self.folder.mkdir()
        shutil.copy(assay, self.folder / "assay")

    def run(self, *arguments, status, says, environment=None):
        """Runs assay in the root; exits unless it ends with `status` and prints `says`."""
        command = [CHROOT, str(self.folder), "/assay", *arguments]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment or {})
        output = result.stdout + result.stderr
        if result.returncode != status or says not in output:
            sys.exit(f"{' '.join(command)}: expected status {status} and `{says}`, got {result.returncode}:\n{output}")
        print(f"ok  {' '.join(arguments)} ({status}: {says})", flush=True)


def main(assay):
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as names:
        folder = pathlib.Path(folder)
        names.bind((NAMESERVER, 53))
        threading.Thread(target=serve_names, args=(names,), daemon=True).start()
        root = Root(folder, assay)
        few = ["--only", "api-base", "--only", "manifest-by-*", "--progress", "never"]
        root.run("run", *few, status=0, says="report.json")
        root.run("run", f"http://{NAME}:1", *few, status=3, says="cannot be reached")
        (root.folder / "etc").mkdir()
        (root.folder / "etc/resolv.conf").write_text(f"nameserver {NAMESERVER}\n")
        with peers.bundled(assay) as registry:
            port = registry.host.rsplit(":", 1)[1]
            root.run("run", f"http://{NAME}:{port}", *few, status=0, says=f"http://{NAME}:{port}")
        root.run("run", "http://no-such-name.test", *few, status=3, says="cannot be reached")
        certificates = peers.make_certificates(folder)
        tls = ["--tls-cert", str(certificates / "server.pem"), "--tls-key", str(certificates / "server.key")]
        with peers.bundled(assay, *tls) as registry:
            url = f"https://{registry.host}"
            root.run("run", url, *few, status=3, says="this system has no certificates of authorities")
            shutil.copy(certificates / "ca.pem", root.folder / "own.pem")
            root.run("run", url, *few, "--ca", "/own.pem", status=0, says="report.json")
            root.run("run", url, *few, status=0, says="report.json", environment={"SSL_CERT_FILE": "/own.pem"})
            (root.folder / "etc/ssl/certs").mkdir(parents=True)
            shutil.copy(certificates / "ca.pem", root.folder / "etc/ssl/certs/ca-certificates.crt")
            root.run("run", url, *few, status=0, says="report.json")
    print("8 passed, 0 failed")


main(sys.argv[1])
