//! Bytes as text: compressed or not, in the encodings that YAML and JSON allow.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use crate::Problem;

/// The longest text, in bytes, that a compressed file may hold.
const LONGEST: u64 = 256 << 20;

/// The first bytes of files that people take for documents, and what these files are.
const MAGIC: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"BZh", "a file compressed by bzip2"),
    (b"\xfd7zXZ", "a file compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "a file compressed by zstd"),
];

const GZIP: &[u8] = b"\x1f\x8b";

/// The text that `bytes`, the content of `name`, stand for: UTF-8 or UTF-16, with or without a byte order
/// mark, also compressed by gzip.
pub(crate) fn text(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    let bytes = if bytes.starts_with(GZIP) {
        unpacked(name, &bytes)?
    } else {
        bytes
    };
    let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
    if let Some((_, kind)) = known {
        let problem = Problem::new(format!("{name} is {kind}, and no text"));
        return Err(
            problem.cure("give a document as YAML or JSON; of compressed files, gzip is read")
        );
    }
    match bytes[..] {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            Err(Problem::new(format!("{name} is written in UTF-32")).cure("save it in UTF-8"))
        }
        [0xff, 0xfe, ..] => utf16(name, &bytes[2..], u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(name, &bytes[2..], u16::from_be_bytes),
        // The first character of a document is of ASCII (YAML 1.2, 5.2), so its other byte is zero.
        [first, 0, ..] if first != 0 => utf16(name, &bytes, u16::from_le_bytes),
        [0, second, ..] if second != 0 => utf16(name, &bytes, u16::from_be_bytes),
        _ => utf8(name, bytes),
    }
}

fn unpacked(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut unpacked = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(LONGEST + 1);
    if let Err(error) = reader.read_to_end(&mut unpacked) {
        let message = format!("{name} is compressed by gzip, and cannot be unpacked: {error}");
        return Err(Problem::new(message).cure("compress it again, or give the text itself"));
    }
    if unpacked.len() as u64 > LONGEST {
        let message = format!(
            "{name} is longer than {} MiB when it is unpacked",
            LONGEST >> 20
        );
        return Err(Problem::new(message).cure("give a smaller document"));
    }
    Ok(unpacked)
}

fn utf16(name: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Problem> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().copied().map(unit);
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|_| rest.is_empty()).ok_or_else(|| {
        let message = format!("{name} begins as UTF-16, but is not written in it throughout");
        Problem::new(message).cure("save it in UTF-8")
    })
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let before = String::from_utf8_lossy(&bytes[..valid]);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        let byte = bytes.get(valid).copied().unwrap_or_default();
        let message = format!("{name}:{line}:{column}: the byte 0x{byte:02X} is not of UTF-8");
        Problem::new(message).cure("give a document as YAML or JSON, and save it in UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn utf16_of(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn the_encodings_of_yaml() {
        const TEXT: &str = "a: é\u{1f600}\n";
        for bytes in [
            TEXT.into(),
            utf16_of(TEXT, u16::to_le_bytes),
            utf16_of(TEXT, u16::to_be_bytes),
            utf16_of(&format!("\u{feff}{TEXT}"), u16::to_le_bytes),
            utf16_of(&format!("\u{feff}{TEXT}"), u16::to_be_bytes),
            packed(TEXT.as_bytes()),
            packed(&utf16_of(TEXT, u16::to_le_bytes)),
        ] {
            assert_eq!(text("a.yaml", bytes).unwrap(), TEXT);
        }
        assert_eq!(text("a.yaml", Vec::new()).unwrap(), "");
    }

    #[test]
    fn what_is_no_text_is_told() {
        let mut cut = packed(b"a: 1\n");
        cut.truncate(12);
        for (bytes, expect) in [
            (b"PK\x03\x04...".to_vec(), "a is a ZIP archive, and no text"),
            (
                b"a: 1\nb: \xe9\n".to_vec(),
                "a:2:4: the byte 0xE9 is not of UTF-8",
            ),
            (
                b"a\0b".to_vec(),
                "a begins as UTF-16, but is not written in it throughout",
            ),
            (cut, "a is compressed by gzip, and cannot be unpacked: "),
        ] {
            let problem = text("a", bytes).unwrap_err();
            assert!(problem.message().starts_with(expect), "{problem}");
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
        let block = vec![b' '; 1 << 20];
        for _ in 0..=(LONGEST >> 20) {
            bomb.write_all(&block).unwrap();
        }
        let problem = text("a", bomb.finish().unwrap()).unwrap_err();
        assert!(
            problem.message().contains("longer than 256 MiB"),
            "{problem}"
        );
    }
}
