//! TLS, client certificates and proxies.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;

use oci_assay::registry::{Options, Server, Tls};
use oci_assay::report::Format;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::support::{Assay, answer, registry, scripted};

/// A registry behind TLS, and the files that let one in.
struct Secure {
    url: String,
    port: u16,
    files: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

impl Secure {
    fn file(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }

    fn run(&self, args: &[&str]) -> Assay {
        let few = ["--only", "manifest-by-*"];
        Assay::run(&self.url).args(few).args(args.iter().copied())
    }
}

fn secure(http2: bool, clients: bool) -> Secure {
    let files = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { files.path().join(name) };
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    std::fs::write(at("ca.pem"), ca.pem()).unwrap();
    let (server, client) = (["127.0.0.1", "registry.test"], ["client.test"]);
    for (name, hosts) in [
        ("server", &server[..]),
        ("client", &client),
        ("stranger", &client),
    ] {
        let key = KeyPair::generate().unwrap();
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        let params = CertificateParams::new(hosts).unwrap();
        let cert = match name {
            "stranger" => params.self_signed(&key).unwrap(),
            _ => params.signed_by(&key, &ca).unwrap(),
        };
        std::fs::write(at(&format!("{name}.pem")), cert.pem()).unwrap();
        std::fs::write(at(&format!("{name}.key")), key.serialize_pem()).unwrap();
    }
    let tls = Tls {
        cert: at("server.pem"),
        key: at("server.key"),
        client_ca: clients.then(|| at("ca.pem")),
        http2,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let started = Server::start_tls(address, Options::default(), tls.acceptor().unwrap());
    let server = runtime.block_on(started).unwrap();
    let url = server.url();
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    Secure {
        url,
        port,
        files,
        _runtime: runtime,
    }
}

#[test]
fn a_private_authority_is_named_with_ca_over_both_versions_of_http() {
    for http2 in [true, false] {
        let server = secure(http2, false);
        let untrusted = server.run(&[]).ends();
        untrusted.is(3, "is not trusted");
        untrusted.is(3, "--ca FILE");
        let trusted = server.run(&["--ca", &server.file("ca.pem")]).ends();
        trusted.is(0, "No requirement is known to be violated");
    }
}

#[test]
fn without_ca_the_systems_certificates_are_trusted() {
    let server = secure(true, false);
    let ca = server.file("ca.pem");
    let system = |file: &str| {
        let run = server.run(&[]).env("SSL_CERT_DIR", "/nowhere");
        run.env("SSL_CERT_FILE", file)
    };
    let kept = "No requirement is known to be violated";
    system(&ca).ends().is(0, kept);
    // Many containers have none.
    let none = server.file("none.pem");
    std::fs::write(&none, "").unwrap();
    system(&none).ends().is(3, "is not trusted");
    system(&none).args(["--ca", &ca]).ends().is(0, kept);
    let plain = registry(|_| ());
    let run = Assay::run(&plain.url).args(["--only", "api-base"]);
    run.env("SSL_CERT_DIR", "/nowhere")
        .env("SSL_CERT_FILE", &none)
        .ends()
        .is(0, kept);
}

/// All but the badge, which has no room for it.
#[test]
fn insecure_is_said_in_every_report() {
    let server = secure(true, false);
    let formats = Format::ALL.iter().filter(|one| **one != Format::Badge);
    let formats: Vec<&str> = formats.map(|format| format.name()).collect();
    let run = server
        .run(&["--insecure", "--format", &formats.join(",")])
        .ends();
    run.is(0, "certificates were not checked (--insecure)");
    let files = run.files();
    assert_eq!(files.len(), formats.len(), "{:?}", files.keys());
    for (name, bytes) in files {
        let text = String::from_utf8(bytes).unwrap();
        let said = text.contains("certificates were not checked");
        assert!(said, "{} does not say it", name.display());
    }
}

#[test]
fn a_client_shows_its_certificate_over_both_versions_of_http() {
    for http2 in [true, false] {
        let server = secure(http2, true);
        let ca = server.file("ca.pem");
        let nobody = server.run(&["--ca", &ca]).ends();
        nobody.is(3, "asks for a client certificate: name it with --cert FILE");
        let show = |name: &str| {
            let (cert, key) = (
                server.file(&format!("{name}.pem")),
                server.file(&format!("{name}.key")),
            );
            server
                .run(&["--ca", &ca, "--cert", &cert, "--key", &key])
                .ends()
        };
        show("stranger").is(3, "refuses the client certificate of --cert");
        show("client").is(0, "No requirement is known to be violated");
    }
}

#[test]
fn the_wrong_scheme_is_named() {
    let server = secure(true, false);
    let plain = server.url.replace("https", "http");
    Assay::run(&plain)
        .ends()
        .is(3, "speaks TLS, not plain HTTP");
    let server = scripted(|_, _| answer(200, "", "{}"));
    let tls = server.url.replace("http", "https");
    Assay::run(&tls).ends().is(3, "does not speak TLS");
    let server =
        scripted(|_, _| answer(400, "", "Client sent an HTTP request to an HTTPS server.\n"));
    Assay::run(&server.url)
        .ends()
        .is(3, "speaks TLS, not plain HTTP");
}

/// A proxy that takes everybody to one port of this machine, and what it was asked for.
fn proxy(port: u16) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, on_event) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let tell = tell.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(client.try_clone().unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    if reader.read_line(&mut head).unwrap_or(0) == 0 {
                        return;
                    }
                }
                let _ = tell.send(head.clone());
                let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
                match head.starts_with("CONNECT ") {
                    true => client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap(),
                    false => server.write_all(head.as_bytes()).unwrap(),
                }
                let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                let _ = std::io::copy(&mut reader, &mut server);
            });
        }
    });
    (url, on_event)
}

#[test]
fn proxies_are_taken_from_the_environment() {
    let server = secure(true, false);
    let (url, asked) = proxy(server.port);
    let ca = server.file("ca.pem");
    let through = |no_proxy: &str| {
        let args = ["--ca", &*ca, "--only", "manifest-by-*", "--timeout", "5s"];
        let run = Assay::run("https://registry.test").args(args);
        run.env("HTTPS_PROXY", &url)
            .env("NO_PROXY", no_proxy)
            .ends()
    };
    through("other.test").is(0, "No requirement is known to be violated");
    let head = asked.recv().unwrap();
    assert!(head.starts_with("CONNECT registry.test:443 "), "{head}");
    while asked.try_recv().is_ok() {}
    assert_eq!(through("registry.test").status, 3);
    assert!(asked.try_recv().is_err(), "NO_PROXY keeps away from it");
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let server = scripted(|_, _| answer(500, "", ""));
    let (url, asked) = proxy(1);
    let run = Assay::run(&server.url).args(["--only", "api-base", "--settle", "0s"]);
    let run = run.env("HTTP_PROXY", &url).ends();
    assert_eq!(run.status, 1, "{}", run.text);
    assert!(asked.try_recv().is_err());
}

#[test]
fn a_password_of_a_proxy_is_a_secret() {
    let run = Assay::run("http://registry.test").args(["--timeout", "3s"]);
    let run = run
        .env("HTTP_PROXY", "http://me:hunter2hunter2@127.0.0.1:1")
        .ends();
    assert_eq!(run.status, 3, "{}", run.text);
    assert!(!run.text.contains("hunter2"), "{}", run.text);
}
