//! Texts as `printf` commands.

use super::word::{Piece, Word, quote};

/// The command that prints a text.
pub fn print_command(text: &Word) -> String {
    let has_file = |piece: &Piece| matches!(piece, Piece::File(_));
    if text.pieces().iter().any(has_file) {
        let commands = text.pieces().iter().map(|piece| match piece {
            Piece::File(name) => format!("cat {name}"),
            other => printf(std::slice::from_ref(other)),
        });
        return format!("{{ {}; }}", commands.collect::<Vec<_>>().join("; "));
    }
    printf(text.pieces())
}

/// `printf` with a format that has only printable ASCII: other characters are escapes.
fn printf(pieces: &[Piece]) -> String {
    let mut format = String::new();
    let mut arguments = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => text.bytes().for_each(|byte| push_byte(&mut format, byte)),
            Piece::Variable(name) => {
                format.push_str("%s");
                arguments.push_str(&format!(" \"${name}\""));
            }
            Piece::Command(command) => {
                format.push_str("%s");
                arguments.push_str(&format!(" \"$({command})\""));
            }
            Piece::File(_) => {}
        }
    }
    // A format that begins with a hyphen would be an option.
    if let Some(rest) = format.strip_prefix('-') {
        format = format!(r"\055{rest}");
    }
    format!("printf {}{arguments}", quote(&format))
}

fn push_byte(format: &mut String, byte: u8) {
    match byte {
        b'%' => format.push_str("%%"),
        b'\\' => format.push_str(r"\\"),
        b'\n' => format.push_str(r"\n"),
        b'\r' => format.push_str(r"\r"),
        b'\t' => format.push_str(r"\t"),
        b' '..=b'~' => format.push(char::from(byte)),
        other => format.push_str(&format!("\\{other:03o}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_printed_byte_for_byte() {
        let text = Word::text("{\"a\": 5%\\\n é-").and(&Word::variable("x"));
        assert_eq!(
            print_command(&text),
            r#"printf '{"a": 5%%\\\n \303\251-%s' "$x""#
        );
        let text = Word::file("a.bytes").and_text(" ");
        assert_eq!(print_command(&text), "{ cat a.bytes; printf ' '; }");
        let text = Word::file("a.bytes").and_text("-b");
        assert_eq!(print_command(&text), r"{ cat a.bytes; printf '\055b'; }");
        assert_eq!(print_command(&Word::default()), "printf ''");
    }
}
