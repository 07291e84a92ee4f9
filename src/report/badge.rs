//! badge.svg: the verdict for a README.

use super::failure::Failure;
use super::phrases;
use crate::record::{Conformance, Run};

/// The width of a character of the badge's font in tenths of a pixel, on average, and the space around a text.
const CHARACTER: usize = 66;
const SPACE: usize = 12;

/// The verdict as a badge in SVG: `OCI distribution 1.1 | conformant`.
pub(super) fn render(run: &Run) -> Result<String, Failure> {
    let label = format!("OCI distribution {}", run.spec);
    let value = phrases::headline(run).to_lowercase();
    let colour = match run.verdict {
        Conformance::Conformant => "#1a7f37",
        Conformance::NonConformant => "#b3262f",
        Conformance::Inconclusive => "#8a6100",
    };
    let (left, right) = (width(&label), width(&value));
    let whole = left + right;
    Ok(format!(
        "\
<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" role=\"img\" aria-label=\"{label}: {value}\">
<title>{label}: {value}</title>
<clipPath id=\"r\"><rect width=\"{whole}\" height=\"20\" rx=\"3\"/></clipPath>
<g clip-path=\"url(#r)\"><rect width=\"{left}\" height=\"20\" fill=\"#444c56\"/><rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/></g>
<g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\">
<text x=\"{}\" y=\"14\" textLength=\"{}\">{label}</text>
<text x=\"{}\" y=\"14\" textLength=\"{}\">{value}</text>
</g>
</svg>
",
        left / 2,
        left - SPACE,
        left + right / 2,
        right - SPACE,
    ))
}

fn width(text: &str) -> usize {
    text.len() * CHARACTER / 10 + SPACE
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn a_badge_says_version_and_verdict() {
        insta::assert_snapshot!(render(&sample::all_pass()).unwrap());
        let text = render(&sample::blocked_by_one()).unwrap();
        assert!(text.contains(">not conformant</text>"));
    }
}
