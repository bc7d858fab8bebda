//! The smallest file of a kind: a picture of one pixel, a document of one page, an archive of no files.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::picture;

/// A picture of one grey pixel.
const JPEG: &str = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q==";
const WEBP: &str = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
const GIF: &str = "R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==";

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"320\" height=\"180\" viewBox=\"0 0 320 180\"><rect width=\"320\" height=\"180\" fill=\"#dde3ea\"/><text x=\"160\" y=\"96\" font-family=\"sans-serif\" font-size=\"18\" text-anchor=\"middle\" fill=\"#4a5568\">example</text></svg>\n";

/// An archive without files: only its end record (APPNOTE.TXT, 4.3.16).
const ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// What a body of a media type without a usual form holds.
const OTHER: &[u8] = b"example\n";

/// Whether bodies of this media type are files, whatever the schema says.
pub(crate) fn is_file(media_type: &str) -> bool {
    let kind = media_type.split('/').next().unwrap_or_default();
    ["image", "audio", "video", "font", "model"].contains(&kind)
        || [
            "application/pdf",
            "application/zip",
            "application/gzip",
            "application/octet-stream",
        ]
        .contains(&media_type)
}

/// The smallest file of this media type.
pub(super) fn smallest(media_type: &str) -> Vec<u8> {
    let decoded = |text: &str| BASE64_STANDARD.decode(text).unwrap_or_default();
    match media_type {
        "image/png" | "image/*" => picture::draw(0, &["example".to_owned()]),
        "image/svg+xml" => SVG.into(),
        "image/jpeg" | "image/jpg" => decoded(JPEG),
        "image/webp" => decoded(WEBP),
        "image/gif" => decoded(GIF),
        "application/pdf" => pdf(),
        "application/zip" => ZIP.into(),
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/*" => wav(),
        _ => OTHER.into(),
    }
}

/// A document of one empty page: ISO 32000-1, 7.5.
fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>",
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", out.len());
        out += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (out.len(), objects.len() + 1);
    out += &format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    out.into_bytes()
}

/// A tenth of a second of silence, 8 kHz, 8 bits.
fn wav() -> Vec<u8> {
    const SAMPLES: u32 = 800;
    let mut out = b"RIFF".to_vec();
    out.extend((36 + SAMPLES).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16_u32.to_le_bytes());
    out.extend([1, 0, 1, 0]);
    out.extend(8_000_u32.to_le_bytes());
    out.extend(8_000_u32.to_le_bytes());
    out.extend([1, 0, 8, 0]);
    out.extend(b"data");
    out.extend(SAMPLES.to_le_bytes());
    out.extend((0..SAMPLES).map(|_| 128_u8));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_as_files_of_its_kind_do() {
        for (media_type, beginning) in [
            ("image/png", &b"\x89PNG"[..]),
            ("image/jpeg", b"\xff\xd8\xff"),
            ("image/webp", b"RIFF"),
            ("image/gif", b"GIF89a"),
            ("image/svg+xml", b"<svg"),
            ("application/pdf", b"%PDF-1.4"),
            ("application/zip", b"PK\x05\x06"),
            ("audio/wav", b"RIFF"),
        ] {
            assert!(is_file(media_type));
            assert!(smallest(media_type).starts_with(beginning), "{media_type}");
        }
    }

    #[test]
    fn the_table_of_a_pdf_points_at_its_objects() {
        let text = String::from_utf8(pdf()).unwrap();
        for (line, number) in text.lines().filter(|line| line.ends_with(" n ")).zip(1..) {
            let at: usize = line[..10].parse().unwrap();
            assert!(text[at..].starts_with(&format!("{number} 0 obj")), "{line}");
        }
    }
}
