//! The program.

use std::path::Path;

use super::parts::{Image, Outcome};
use super::transport::Client;

/// The program: ends the process with its exit status. Without words for it, a test that has nothing to test.
#[test]
fn as_a_program() {
    let Ok(words) = std::env::var("SMALL_CLIENT") else {
        return;
    };
    // Only one can be installed, and plain HTTP uses none.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let words: Vec<String> = match words.as_str() {
        "" => std::env::args()
            .skip_while(|word| word != "--")
            .skip(1)
            .collect(),
        given => given.split(' ').map(str::to_owned).collect(),
    };
    let outcome = runtime.expect("a runtime").block_on(client(&words));
    let status = match outcome {
        Ok(printed) => {
            println!("\n{printed}");
            0
        }
        Err(why) => {
            eprintln!("small client: {why}");
            1
        }
    };
    std::process::exit(status);
}

async fn client(words: &[String]) -> Outcome<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut client = Client::new();
    let printed = match words.as_slice() {
        ["version"] => Ok("small 1.0".to_owned()),
        ["pull", image, out] => client.pull(&Image::parse(image)?, Path::new(out)).await,
        ["push", layout, image] => client.push(Path::new(layout), &Image::parse(image)?).await,
        ["copy", from, to] => client.copy(&Image::parse(from)?, &Image::parse(to)?).await,
        ["tags", image] => client.tags(&Image::parse(image)?).await,
        ["delete", image] => client.delete(&Image::parse(image)?).await,
        ["attach", image, kind] => client.attach(&Image::parse(image)?, kind).await,
        ["referrers", image] => client.referrers(&Image::parse(image)?, None).await,
        ["referrers", image, kind] => client.referrers(&Image::parse(image)?, Some(kind)).await,
        ["resolve", image] => client.resolve(&Image::parse(image)?).await,
        other => Err(format!("what is {other:?}?")),
    };
    let floods = client.has_habit("floods") || client.has_habit("floods-twice");
    let flood = "small client: still there\n".repeat(if floods { 4000 } else { 0 });
    let after = if client.has_habit("floods-twice") {
        flood.clone()
    } else {
        String::new()
    };
    let warnings = client.warnings.into_iter().collect::<Vec<_>>().join("\n");
    printed.map(|printed| format!("{flood}{printed}\n{warnings}\n{after}"))
}
