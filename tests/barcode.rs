//! Pictures are read back: QR codes by an independent reader and against an independent writer, bars by the standard's widths, PNGs by a PNG reader.

use efectivo::barcode::qr::{Level, Matrix};
use efectivo::barcode::{BarcodeError, code128, png as pictures, qr, svg};
use proptest::prelude::*;

fn lines(matrix: &Matrix) -> Vec<Vec<bool>> {
    matrix.rows().map(|row| (0..matrix.size()).map(|x| row >> x & 1 == 1).collect()).collect()
}

fn read_back(matrix: &Matrix) -> Vec<u8> {
    let (scale, quiet) = (3, 4);
    let lines = lines(matrix);
    let side = (lines.len() + 2 * quiet) * scale;
    let dark = |x: usize, y: usize| {
        let at = |v: usize| (v / scale).checked_sub(quiet);
        at(x).zip(at(y)).is_some_and(|(x, y)| lines.get(y).and_then(|line| line.get(x)) == Some(&true))
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark(x, y) { 0 } else { 255 });
    let grids = image.detect_grids();
    let mut out = Vec::new();
    grids.first().expect("a symbol").decode_to(&mut out).expect("readable");
    out
}

/// Whether another encoder, left to choose its own mask, draws the same symbol.
fn same_as_another_encoder(bytes: &[u8], level: Level) -> bool {
    let ecl = if level == Level::L { qrcodegen::QrCodeEcc::Low } else { qrcodegen::QrCodeEcc::Medium };
    let ours = lines(&qr::encode(bytes, level).unwrap());
    let segment = [qrcodegen::QrSegment::make_bytes(bytes)];
    let (least, most) = (qrcodegen::Version::new(1), qrcodegen::Version::new(20));
    let other = qrcodegen::QrCode::encode_segments_advanced(&segment, ecl, least, most, None, false).unwrap();
    other.size() as usize == ours.len() && (0..other.size()).all(|y| (0..other.size()).all(|x| ours[y as usize][x as usize] == other.get_module(x, y)))
}

#[test]
fn every_version_and_level_is_module_for_module_another_encoders() {
    for level in [Level::L, Level::M] {
        for length in (1..=660).step_by(7) {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 37 % 251) as u8).collect();
            assert!(same_as_another_encoder(&bytes, level), "{length} {level:?}");
        }
    }
}

#[test]
fn the_mask_is_the_one_that_another_encoder_chooses() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..2_000 {
        let length = 1 + next() % 300;
        let bytes: Vec<u8> = (0..length).map(|_| 32 + (next() % 95) as u8).collect();
        let level = if round % 2 == 0 { Level::L } else { Level::M };
        assert!(same_as_another_encoder(&bytes, level), "{round} {level:?} {}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_link_to_the_page_is_read_by_a_phone() {
    let link = b"https://tienda.example/pago/3f9a1c52e4b76d8091aa22bb33cc44dd";
    assert_eq!(read_back(&qr::encode(link, Level::M).unwrap()), link);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn any_bytes_are_read_back(bytes in prop::collection::vec(0x20u8..0x7f, 1..300), low: bool) {
        let level = if low { Level::L } else { Level::M };
        prop_assert_eq!(read_back(&qr::encode(&bytes, level).unwrap()), bytes);
    }

    #[test]
    fn any_ascii_is_read_back_from_bars(text in "[ -~]{1,48}|[0-9]{1,30}|[0-9]{2,9}[A-Z]{1,3}[0-9]{1,9}") {
        prop_assert_eq!(bars_read(&code128::encode(&text).unwrap()), text);
    }
}

/// Reads bars by the standard's rule: eleven modules a symbol, check digit, stop; symbol values by the encoder of single symbols.
fn bars_read(bars: &code128::Bars) -> String {
    let pattern = |symbol: &[u8]| symbol.iter().fold(0u32, |p, w| p * 10 + u32::from(*w));
    let widths: Vec<u8> = bars.widths().collect();
    let (body, stop) = widths.split_at(widths.len() - 7);
    assert_eq!(stop, [2, 3, 3, 1, 1, 1, 2]);
    let values: Vec<usize> = body.chunks(6).map(|s| STANDARD.iter().position(|w| *w == pattern(s)).expect("a symbol")).collect();
    let (check, rest) = values.split_last().unwrap();
    let sum: usize = rest.iter().enumerate().map(|(n, v)| v * n.max(1)).sum();
    assert_eq!(sum % 103, *check);
    let (mut out, mut set) = (String::new(), rest[0]);
    for value in &rest[1..] {
        match (set, value) {
            (105, 100) => set = 104,
            (104, 99) => set = 105,
            (105, pair) => out.push_str(&format!("{pair:02}")),
            (_, value) => out.push(char::from(*value as u8 + 32)),
        }
    }
    out
}

/// ISO/IEC 15417, table 1, as this test's own copy: value 0 to 105.
const STANDARD: [u32; 106] = [
    212222, 222122, 222221, 121223, 121322, 131222, 122213, 122312, 132212, 221213, 221312, 231212, 112232, 122132, 122231, 113222, 123122, 123221, 223211,
    221132, 221231, 213212, 223112, 312131, 311222, 321122, 321221, 312212, 322112, 322211, 212123, 212321, 232121, 111323, 131123, 131321, 112313, 132113,
    132311, 211313, 231113, 231311, 112133, 112331, 132131, 113123, 113321, 133121, 313121, 211331, 231131, 213113, 213311, 213131, 311123, 311321, 331121,
    312113, 312311, 332111, 314111, 221411, 431111, 111224, 111422, 121124, 121421, 141122, 141221, 112214, 112412, 122114, 122411, 142112, 142211, 241211,
    221114, 413111, 241112, 134111, 111242, 121142, 121241, 114212, 124112, 124211, 411212, 421112, 421211, 212141, 214121, 412121, 111143, 111341, 131141,
    114113, 114311, 411113, 411311, 113141, 114131, 311141, 411131, 211412, 211214, 211232,
];

#[test]
fn a_png_is_the_same_picture() {
    let matrix = qr::encode(b"efectivo", Level::M).unwrap();
    let bytes = pictures::qr(&matrix, 3);
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.width, frame.bit_depth), ((matrix.size() + 8) * 3, png::BitDepth::One));
    for (y, line) in lines(&matrix).iter().enumerate() {
        for (x, dark) in line.iter().enumerate() {
            let (px, py) = ((x + 4) * 3 + 1, (y + 4) * 3 + 1);
            let byte = pixels[py * frame.line_size + px / 8];
            assert_eq!(byte >> (7 - px % 8) & 1 == 0, *dark, "{x} {y}");
        }
    }
    let bars = code128::encode("112399769").unwrap();
    let bytes = pictures::bars(&bars, 2, 60);
    let reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), ((bars.modules() + 20) * 2, 60));
}

#[test]
fn a_picture_says_what_it_is_and_lets_no_title_break_out() {
    let matrix = qr::encode(b"x", Level::L).unwrap();
    let drawn = svg::qr(&matrix, "\"><script>&");
    assert!(drawn.contains("aria-label=\"&quot;>&lt;script>&amp;\""), "{drawn}");
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(qr::encode(b"", Level::M), Err(BarcodeError::Empty));
    assert_eq!(qr::encode(&[b'x'; 700], Level::M), Err(BarcodeError::TooLong));
}
