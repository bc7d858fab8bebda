//! The drawing of an artifact: a pattern that differs for each artifact, and lines of text.

use std::convert::Infallible;

use embedded_graphics::Pixel;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::iso_8859_1::FONT_10X20;
use embedded_graphics::pixelcolor::{Rgb888, RgbColor as _};
use embedded_graphics::prelude::Drawable as _;
use embedded_graphics::text::{Baseline, Text};
use fixtures::Noise;

const WIDTH: u32 = 512;
const HEIGHT: u32 = 768;
/// The side of a square of the pattern.
const TILE: u32 = 64;
/// The size of the first line in font sizes, and the size of the others.
const SCALES: [u32; 2] = [2, 1];
/// The most characters of a text that are drawn.
const LONGEST: usize = 400;
const MARGIN: u32 = 16;
const GLYPH: (u32, u32) = (10, 20);

/// A PNG picture of these lines. The address decides the pattern.
pub(crate) fn draw(address: u64, lines: &[String]) -> Vec<u8> {
    let mut canvas = Canvas::patterned(Noise::new(address));
    let mut top = MARGIN;
    for (number, line) in lines.iter().enumerate() {
        let scale = SCALES[number.min(1)];
        for row in wrapped(line, (WIDTH - 2 * MARGIN) / (GLYPH.0 * scale)) {
            canvas.write(&row, top, scale);
            top += GLYPH.1 * scale + 6;
        }
        top += 6;
    }
    canvas.png()
}

/// A text cut into rows of so many characters. Characters that the font lacks become question marks.
fn wrapped(text: &str, width: u32) -> Vec<String> {
    let shown = |one: char| matches!(one, ' '..='~' | '\u{a1}'..='\u{ff}');
    let letters = text.chars().take(LONGEST);
    let letters: Vec<_> = letters
        .map(|one| if shown(one) { one } else { '?' })
        .collect();
    let width = usize::try_from(width).unwrap_or(1).max(1);
    letters
        .chunks(width)
        .map(|row| row.iter().collect())
        .collect()
}

struct Canvas {
    pixels: Vec<u8>,
}

impl Canvas {
    /// Tiles in shades of one colour, which is dark enough for white letters.
    fn patterned(noise: Noise) -> Self {
        let base = ["red", "green", "blue"].map(|name| 30 + noise.at(name).below(90));
        let columns = WIDTH / TILE;
        let mut pixels = Vec::new();
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                // People remember a mirrored pattern better.
                let column = (x / TILE).min(columns - 1 - x / TILE);
                let shade = noise
                    .number(u64::from(y / TILE * columns + column))
                    .below(50);
                pixels.extend(base.map(|part| u8::try_from(part + shade).unwrap_or(u8::MAX)));
            }
        }
        Self { pixels }
    }

    fn write(&mut self, text: &str, top: u32, scale: u32) {
        let style = MonoTextStyle::new(&FONT_10X20, Rgb888::WHITE);
        let text = Text::with_baseline(text, Point::zero(), style, Baseline::Top);
        let mut target = Scaled {
            canvas: self,
            left: MARGIN,
            top,
            scale,
        };
        // Its error type has no values.
        let _ = text.draw(&mut target);
    }

    fn put(&mut self, x: u32, y: u32, color: Rgb888) {
        if x < WIDTH && y < HEIGHT {
            let place = usize::try_from((y * WIDTH + x) * 3).unwrap_or_default();
            if let Some(pixel) = self.pixels.get_mut(place..place + 3) {
                pixel.copy_from_slice(&[color.r(), color.g(), color.b()]);
            }
        }
    }

    fn png(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, WIDTH, HEIGHT);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&self.pixels));
        written.expect("a Vec takes every byte, and there are as many as the header says");
        out
    }
}

/// A part of the canvas on which every pixel is a square.
struct Scaled<'c> {
    canvas: &'c mut Canvas,
    left: u32,
    top: u32,
    scale: u32,
}

impl OriginDimensions for Scaled<'_> {
    fn size(&self) -> Size {
        Size::new(WIDTH, HEIGHT)
    }
}

impl DrawTarget for Scaled<'_> {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Infallible> {
        for Pixel(point, color) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(point.x), u32::try_from(point.y)) else {
                continue;
            };
            for down in 0..self.scale {
                for right in 0..self.scale {
                    let (x, y) = (x * self.scale + right, y * self.scale + down);
                    self.canvas.put(self.left + x, self.top + y, color);
                }
            }
        }
        Ok(())
    }
}
