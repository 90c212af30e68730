//! A QR code as an SVG path: what a template draws, without a file and without styles of its own.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

/// Modules of quiet zone on every side (ISO/IEC 18004 §9.1).
const QUIET_ZONE: usize = 4;

/// `<svg viewBox="0 0 {size} {size}"><path d="{path}"/></svg>`, dark on a light ground in every colour scheme: a camera
/// reads nothing else.
#[derive(Clone, Serialize)]
pub struct QrDrawing {
    pub size: usize,
    pub path: String,
}

impl std::fmt::Debug for QrDrawing {
    /// It may say a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QrDrawing").field("size", &self.size).finish_non_exhaustive()
    }
}

impl QrDrawing {
    /// `None` if the text is longer than any QR code (2 kB): whoever shows it shows the text beside it anyway.
    pub fn of(text: &str) -> Option<Self> {
        use std::fmt::Write as _;

        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (row, modules) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    let (x, y) = (column + QUIET_ZONE, row + QUIET_ZONE);
                    let _infallible = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
                }
                column += run.len();
            }
        }
        Some(Self { size: width + 2 * QUIET_ZONE, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_and_nothing_else() {
        let text = "otpauth://totp/IOK:urszula.sowa?secret=GEZDGNBVGY3TQOJQ&issuer=IOK";
        let drawing = QrDrawing::of(text).expect("short enough");
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("the same code");
        let dark = code.to_colors().into_iter().filter(|color| *color == Color::Dark).count();
        let drawn: usize = drawing
            .path
            .split('M')
            .skip(1)
            .map(|run| run.split(['h', 'v']).nth(1).and_then(|length| length.parse::<usize>().ok()).unwrap())
            .sum();
        assert_eq!(drawn, dark);
        assert_eq!(drawing.size, code.width() + 8);
        assert!(QrDrawing::of(&"x".repeat(5000)).is_none());
    }
}
