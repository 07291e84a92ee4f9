//! usage: oci-client-check HOST [CA-FILE]
//!
//! Without a file of certificates, plain HTTP is spoken. The user name and password come from `CHECK_USERNAME`
//! and `CHECK_PASSWORD`.

use std::error::Error;

use oci_client::client::{Certificate, CertificateEncoding, ClientConfig, ClientProtocol, Config, ImageLayer};
use oci_client::manifest::IMAGE_LAYER_MEDIA_TYPE;
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "no TLS provider")?;
    let mut arguments = std::env::args().skip(1);
    let host = arguments.next().ok_or("usage: oci-client-check HOST [CA-FILE]")?;
    let client = Client::new(config(arguments.next())?);
    let auth = match (std::env::var("CHECK_USERNAME"), std::env::var("CHECK_PASSWORD")) {
        (Ok(name), Ok(password)) => RegistryAuth::Basic(name, password),
        _ => RegistryAuth::Anonymous,
    };
    let image: Reference = format!("{host}/oci-client/app:1").parse()?;
    // More than one of its chunks of 4 MiB.
    let layers: Vec<Vec<u8>> = vec![b"a layer".to_vec(), vec![7; 9 * 1024 * 1024 + 1]];
    let sent: Vec<ImageLayer> = layers.iter().map(|data| ImageLayer::oci_v1(data.clone(), None)).collect();
    client.push(&image, &sent, Config::oci_v1(b"{}".to_vec(), None), &auth, None).await?;

    let pulled = client.pull(&image, &auth, vec![IMAGE_LAYER_MEDIA_TYPE]).await?;
    let mut got: Vec<Vec<u8>> = pulled.layers.into_iter().map(|layer| layer.data.to_vec()).collect();
    got.sort_by_key(Vec::len);
    check("the layers that came back", got == layers)?;

    let tags = client.list_tags(&image, &auth, None, None).await?;
    check("the tags", tags.tags == ["1"])?;

    // With tokens it asks for one repository where a mount takes two (its issue 235).
    if matches!(auth, RegistryAuth::Anonymous) {
        let other: Reference = format!("{host}/oci-client/other:1").parse()?;
        let digest = sent.first().map(ImageLayer::sha256_digest).ok_or("no layer")?;
        client.mount_blob(&other, &image, &digest).await?;
        check("the mounted blob", client.blob_exists(&other, &digest).await?)?;
    }

    let digest = client.fetch_manifest_digest(&image, &auth).await?;
    let referrers = client.pull_referrers(&image.clone_with_digest(digest), None).await?;
    check("no referrers", referrers.manifests.is_empty())
}

fn config(ca: Option<String>) -> Result<ClientConfig, Box<dyn Error>> {
    let Some(path) = ca else {
        return Ok(ClientConfig { protocol: ClientProtocol::Http, ..ClientConfig::default() });
    };
    let data = std::fs::read(path)?;
    Ok(ClientConfig {
        extra_root_certificates: vec![Certificate { encoding: CertificateEncoding::Pem, data }],
        ..ClientConfig::default()
    })
}

fn check(what: &str, holds: bool) -> Result<(), Box<dyn Error>> {
    if holds { Ok(()) } else { Err(format!("{what}: not as pushed").into()) }
}
