//! Systems that merchants ask about and that no code can be sold through: each with the day on which its facts were read; the reason is in the words.

/// Name for programs, name for people, day.
pub const ABSENT: &[(&str, &str, &str)] = &[
    ("bbva", "BBVA Perú", "2026-11-23"),
    ("scotiabank", "Scotiabank Perú", "2026-11-23"),
    ("transbank", "Transbank", "2026-11-23"),
    ("niubiz", "Niubiz", "2026-11-23"),
    ("nuvei", "Nuvei", "2026-11-23"),
    ("ppro", "PPRO", "2026-11-23"),
    ("izipay", "Izipay", "2026-11-23"),
];
