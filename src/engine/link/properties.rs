//! Links that are written by the grammar (RFC 8288, section 3) are read as they were meant, and nothing else does
//! harm.

use arbtest::arbitrary::{Result, Unstructured};

use super::{Next, misleads, next_of};
use crate::fuzz::{hold, quoted, soon, space, text_of, word_of};

struct Link {
    target: String,
    relations: Vec<&'static str>,
}

fn link(u: &mut Unstructured<'_>) -> Result<Link> {
    let mut relations = Vec::new();
    for _ in 0..u.int_in_range(1..=3)? {
        relations.push(*u.choose(&[
            "next",
            "prev",
            "first",
            "NEXT",
            "https://x/rel;next",
            "nextish",
        ])?);
    }
    let target = word_of(u, "abcxyz0189/?&=,;\"'%:.-_~é ", 30)?;
    Ok(Link {
        target: target.trim().to_owned(),
        relations,
    })
}

/// A parameter that says nothing of the relation, whatever it looks like.
fn other(u: &mut Unstructured<'_>) -> Result<String> {
    let name = *u.choose(&["title", "rev", "rel*", "relx", "media", "title*"])?;
    let value = text_of(u, &[";", ",", "rel=next", "\"", "\\", "</x>", " "], 4)?;
    let value: String = value.chars().filter(|c| !c.is_control()).take(80).collect();
    Ok(match u.ratio(1, 4)? {
        true => name.to_owned(),
        false => format!("{name}{}={}{}", space(u)?, space(u)?, quoted(u, &value)?),
    })
}

fn written(u: &mut Unstructured<'_>, link: &Link) -> Result<String> {
    let mut parameters = Vec::new();
    for _ in 0..u.int_in_range(0..=2)? {
        parameters.push(other(u)?);
    }
    let relations = link.relations.join(" ");
    let token = link.relations.len() == 1 && !relations.contains(';') && u.ratio(1, 2)?;
    let relations = if token {
        relations
    } else {
        quoted(u, &relations)?
    };
    let name = *u.choose(&["rel", "REL", "Rel"])?;
    let at = u.int_in_range(0..=parameters.len())?;
    parameters.insert(at, format!("{name}{}={}{relations}", space(u)?, space(u)?));
    if u.ratio(1, 5)? {
        // Only the first one counts.
        parameters.push("rel=\"next prev\"".to_owned());
    }
    let mut text = format!("<{}>", link.target);
    for parameter in parameters {
        text.extend([space(u)?, ";", space(u)?, &parameter]);
    }
    text.push_str(space(u)?);
    Ok(text)
}

#[test]
fn what_is_written_is_read() {
    let is = |link: &Link, wanted: &str| {
        let mut relations = link.relations.iter();
        relations.any(|relation| relation.eq_ignore_ascii_case(wanted))
    };
    hold(|u| {
        let (mut links, mut texts) = (Vec::new(), Vec::new());
        for _ in 0..u.int_in_range(0..=4)? {
            let one = link(u)?;
            texts.push(written(u, &one)?);
            links.push(one);
        }
        let text = texts.join(if u.ratio(1, 2)? { ", " } else { "," });
        let meant = match links.iter().find(|link| is(link, "next")) {
            Some(link) => Next::At(link.target.clone()),
            None => Next::None,
        };
        assert_eq!(next_of(&text), meant, "{text}");
        assert_eq!(
            misleads(&text),
            links.is_empty()
                || links
                    .iter()
                    .any(|link| is(link, "prev") || is(link, "nextish")),
            "{text}"
        );
        Ok(())
    });
}

#[test]
fn nothing_does_harm() {
    let parts = [
        "<",
        ">",
        ";",
        ",",
        "=",
        "\"",
        "\\",
        " ",
        "rel",
        "next",
        "prev",
        "</a>; rel=\"next\"",
        "é",
    ];
    hold(|u| {
        let link = text_of(u, &parts, 60)?;
        if let Next::At(reference) = soon(|| next_of(&link)) {
            assert!(link.contains(&reference), "{link}");
        }
        soon(|| misleads(&link));
        Ok(())
    });
}
