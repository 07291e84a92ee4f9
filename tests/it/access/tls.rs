//! TLS, client certificates and proxies.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use oci_assay::internals::report::Format;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::support::assay::Assay;
use crate::support::folder::Folder;
use crate::support::registry::{self, Registry, sound};
use crate::support::server::{last, recorder};

/// A registry that uses TLS, and a folder with the certificates of its tests.
struct Secure {
    registry: Registry,
    files: tempfile::TempDir,
}

impl Secure {
    fn file(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }

    fn run(&self, args: &[&str]) -> Assay {
        let few = ["--only", "manifest-by-*"];
        Assay::run_small(&self.registry.url)
            .args(few)
            .args(args.iter().copied())
    }
}

/// A registry whose certificate a private authority issued: `ca.pem`. A client has `client.pem`, or `stranger.pem`, which
/// no authority issued.
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
    let client_ca = clients.then_some("ca.pem");
    let registry = registry::secure(files.path(), http2, client_ca);
    Secure { registry, files }
}

/// A registry with a self-signed certificate.
fn self_signed(host: &str, change: impl FnOnce(&mut CertificateParams)) -> Secure {
    let files = tempfile::tempdir().unwrap();
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&key).unwrap();
    std::fs::write(files.path().join("server.pem"), cert.pem()).unwrap();
    std::fs::write(files.path().join("server.key"), key.serialize_pem()).unwrap();
    let registry = registry::secure(files.path(), true, None);
    Secure { registry, files }
}

fn ca_true(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

/// The certificate that `openssl req -x509` makes by default.
#[test]
fn a_ca_certificate_that_the_registry_uses_as_its_own_is_trusted_where_ca_names_it() {
    let server = self_signed("127.0.0.1", ca_true);
    server
        .run(&[])
        .ends()
        .is(3, "Name this certificate with --ca FILE");
    let own = server.file("server.pem");
    let trusted = server.run(&["--ca", &own]).ends();
    trusted.is(0, "The tested part violates no requirement");
    let other = self_signed("127.0.0.1", ca_true);
    let other = other.file("server.pem");
    server.run(&["--ca", &other]).ends().is(3, "is not trusted");
}

#[test]
fn a_file_of_certificates_is_read_within_a_bound() {
    let here = Folder::new();
    here.write("large.pem", &"-".repeat(4 * 1024 * 1024 + 1));
    let args = ["run", "https://127.0.0.1:1", "--ca", "large.pem"];
    here.assay(&args)
        .expect(2, &["cannot read large.pem: it is larger than"]);
}

#[test]
fn a_trusted_certificate_still_needs_the_name_and_the_time() {
    let elsewhere = self_signed("registry.test", ca_true);
    let own = elsewhere.file("server.pem");
    let run = elsewhere.run(&["--ca", &own]).ends();
    run.is(3, "registry.test");
    run.is(3, "and not for this host");
    let expired = self_signed("127.0.0.1", |params| {
        ca_true(params);
        params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    });
    let own = expired.file("server.pem");
    let run = expired.run(&["--ca", &own]).ends();
    run.is(3, "expired at 2001-01-01");
}

#[test]
fn a_private_authority_is_trusted_with_ca() {
    for http2 in [true, false] {
        let server = secure(http2, false);
        let untrusted = server.run(&[]).ends();
        untrusted.is(3, "is not trusted");
        untrusted.is(3, "--ca FILE");
        let trusted = server.run(&["--ca", &server.file("ca.pem")]).ends();
        trusted.is(0, "The tested part violates no requirement");
    }
}

#[test]
fn the_certificates_of_the_system_are_trusted() {
    let server = secure(true, false);
    let ca = server.file("ca.pem");
    let system = |file: &str| {
        let run = server.run(&[]).env("SSL_CERT_DIR", "/nowhere");
        run.env("SSL_CERT_FILE", file)
    };
    let success = "The tested part violates no requirement";
    system(&ca).ends().is(0, success);
    // Many containers have no certificates.
    let none = server.file("none.pem");
    std::fs::write(&none, "").unwrap();
    system(&none).ends().is(3, "no certificates of authorities");
    system(&none).args(["--ca", &ca]).ends().is(0, success);
    let http = sound();
    let run = Assay::run_small(&http.url).args(["--only", "api-base"]);
    run.env("SSL_CERT_DIR", "/nowhere")
        .env("SSL_CERT_FILE", &none)
        .ends()
        .is(0, success);
}

/// The badge has no room for notes.
#[test]
fn every_report_but_the_badge_notes_insecure() {
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
        let noted = text.contains("certificates were not checked");
        assert!(noted, "{} does not contain the note", name.display());
    }
}

#[test]
fn a_client_certificate_is_sent() {
    for http2 in [true, false] {
        let server = secure(http2, true);
        let ca = server.file("ca.pem");
        let without = server.run(&["--ca", &ca]).ends();
        without.is(3, "asks for a client certificate: name it with --cert FILE");
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
        show("client").is(0, "The tested part violates no requirement");
    }
}

#[test]
fn a_wrong_scheme_is_reported() {
    let server = secure(true, false);
    let http = server.registry.url.replace("https", "http");
    Assay::run_small(&http)
        .ends()
        .is(3, "speaks TLS, not plain HTTP");
    let server = recorder(|_, _| last(200, "", "{}"));
    let tls = server.url.replace("http", "https");
    Assay::run_small(&tls).ends().is(3, "does not speak TLS");
    let server =
        recorder(|_, _| last(400, "", "Client sent an HTTP request to an HTTPS server.\n"));
    Assay::run_small(&server.url)
        .ends()
        .is(3, "speaks TLS, not plain HTTP");
}

/// A proxy that connects every client to one address, and the requests that it gets.
fn proxy(to: &str) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = std::sync::mpsc::channel();
    let to = to.to_owned();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let (sender, to) = (sender.clone(), to.clone());
            std::thread::spawn(move || {
                let mut reader = BufReader::new(client.try_clone().unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    if reader.read_line(&mut head).unwrap_or(0) == 0 {
                        return;
                    }
                }
                let _ = sender.send(head.clone());
                let mut server = TcpStream::connect(&to).unwrap();
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
    (url, requests)
}

#[test]
fn proxies_are_taken_from_the_environment() {
    let server = secure(true, false);
    let (url, requests) = proxy(server.registry.host());
    let ca = server.file("ca.pem");
    let through = |no_proxy: &str| {
        let args = ["--ca", &*ca, "--only", "manifest-by-*", "--timeout", "5s"];
        let run = Assay::run_small("https://registry.test").args(args);
        run.env("HTTPS_PROXY", &url)
            .env("NO_PROXY", no_proxy)
            .ends()
    };
    through("other.test").is(0, "The tested part violates no requirement");
    let head = requests.recv().unwrap();
    assert!(head.starts_with("CONNECT registry.test:443 "), "{head}");
    while requests.try_recv().is_ok() {}
    assert_eq!(through("registry.test").status, 3);
    assert!(requests.try_recv().is_err(), "NO_PROXY excludes the host");
}

#[test]
fn a_loopback_address_uses_no_proxy() {
    let server = recorder(|_, _| last(500, "", ""));
    let (url, requests) = proxy("127.0.0.1:1");
    let run = Assay::run_small(&server.url)
        .args(["--only", "api-base", "--settle", "0s", "--deny", "warn"]);
    let run = run.env("HTTP_PROXY", &url).ends();
    assert_eq!(run.status, 1, "{}", run.text);
    assert!(requests.try_recv().is_err());
}

#[test]
fn the_password_of_a_proxy_is_redacted() {
    let run = Assay::run_small("http://registry.test").args(["--timeout", "3s"]);
    let run = run
        .env("HTTP_PROXY", "http://me:hunter2hunter2@127.0.0.1:1")
        .ends();
    assert_eq!(run.status, 3, "{}", run.text);
    assert!(!run.text.contains("hunter2"), "{}", run.text);
}
