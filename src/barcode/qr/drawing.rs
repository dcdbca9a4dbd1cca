//! The symbol before masking: finder, timing and alignment patterns, version bits, and the zigzag of data.

/// Rows and columns of a symbol, each line as bits; both are kept, so that a mask can be judged along either.
pub(super) struct Canvas {
    pub size: u32,
    /// Dark modules by row.
    pub rows: Vec<u128>,
    /// Dark modules by column.
    pub columns: Vec<u128>,
    /// Modules that hold data, by row: only these are masked.
    pub free_rows: Vec<u128>,
    /// The same by column.
    pub free_columns: Vec<u128>,
}

impl Canvas {
    pub fn new(version: u32) -> Self {
        let size = version * 4 + 17;
        let lines = || vec![0u128; size as usize];
        let all = vec![(1u128 << size) - 1; size as usize];
        let mut canvas = Self { size, rows: lines(), columns: lines(), free_rows: all.clone(), free_columns: all };
        canvas.timing();
        for (x, y) in [(0, 0), (size - 7, 0), (0, size - 7)] {
            canvas.finder(x, y);
        }
        canvas.alignment(version);
        canvas.reserve_format();
        canvas.version(version);
        canvas
    }

    /// Sets a module of a pattern; it holds no data any more.
    pub fn set(&mut self, x: u32, y: u32, dark: bool) {
        put(&mut self.rows, y, x, dark);
        put(&mut self.columns, x, y, dark);
        put(&mut self.free_rows, y, x, false);
        put(&mut self.free_columns, x, y, false);
    }

    fn timing(&mut self) {
        for at in 0..self.size {
            self.set(at, 6, at % 2 == 0);
            self.set(6, at, at % 2 == 0);
        }
    }

    /// A finder with its white border, as far as it lies inside.
    fn finder(&mut self, left: u32, top: u32) {
        let (size, left, top) = (self.size as i32, left as i32, top as i32);
        for dy in -1..=7i32 {
            for dx in -1..=7i32 {
                let (x, y) = (left + dx, top + dy);
                let ring = (dx - 3).abs().max((dy - 3).abs());
                if (0..size).contains(&x) && (0..size).contains(&y) {
                    self.set(x as u32, y as u32, ring != 2 && ring != 4);
                }
            }
        }
    }

    fn alignment(&mut self, version: u32) {
        let centres = centres(version, self.size);
        let (first, last) = (6, self.size - 7);
        for y in centres.iter().copied() {
            for x in centres.iter().copied() {
                if [(first, first), (first, last), (last, first)].contains(&(x, y)) {
                    continue;
                }
                for dy in 0..5u32 {
                    for dx in 0..5u32 {
                        let ring = dx.abs_diff(2).max(dy.abs_diff(2));
                        self.set(x + dx - 2, y + dy - 2, ring != 1);
                    }
                }
            }
        }
    }

    fn reserve_format(&mut self) {
        for (x, y) in format_places(self.size).into_iter().flatten() {
            self.set(x, y, false);
        }
        self.set(8, self.size - 8, true);
    }

    fn version(&mut self, version: u32) {
        if version < 7 {
            return;
        }
        let rest = (0..12).fold(version, |rest, _| (rest << 1) ^ ((rest >> 11) * 0x1f25));
        let bits = version << 12 | rest;
        for at in 0..18 {
            let (near, far) = (self.size - 11 + at % 3, at / 3);
            let dark = bits >> at & 1 == 1;
            self.set(near, far, dark);
            self.set(far, near, dark);
        }
    }

    /// Places codewords in the zigzag from the bottom right; what is left over stays light.
    pub fn place(&mut self, codewords: &[u8]) {
        let mut bits = codewords.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1 == 1));
        let size = self.size;
        let mut right = size - 1;
        loop {
            if right == 6 {
                right = 5;
            }
            let upward = (right + 1) & 2 == 0;
            for step in 0..size {
                let y = if upward { size - 1 - step } else { step };
                let free = self.free_rows.get(y as usize).copied().unwrap_or_default();
                for x in [right, right - 1] {
                    if free >> x & 1 == 1 && bits.next() == Some(true) {
                        put(&mut self.rows, y, x, true);
                        put(&mut self.columns, x, y, true);
                    }
                }
            }
            if right < 2 {
                return;
            }
            right -= 2;
        }
    }
}

/// Where the 15 format bits stand, both times, lowest bit first.
pub(super) fn format_places(size: u32) -> [[(u32, u32); 15]; 2] {
    let first = [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8), (5, 8), (4, 8), (3, 8), (2, 8), (1, 8), (0, 8)];
    let mut second = [(0, 0); 15];
    for (place, at) in second.iter_mut().zip(0..) {
        *place = if at < 8 { (size - 1 - at, 8) } else { (8, size - 15 + at) };
    }
    [first, second]
}

/// Sets one bit of one line.
pub(super) fn put(lines: &mut [u128], line: u32, at: u32, value: bool) {
    if let Some(bits) = lines.get_mut(line as usize) {
        *bits = *bits & !(1 << at) | u128::from(value) << at;
    }
}

fn centres(version: u32, size: u32) -> Vec<u32> {
    if version == 1 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
    let mut centres: Vec<u32> = (0..count - 1).map(|n| size - 7 - n * step).collect();
    centres.push(6);
    centres
}
