//! Fills the places of a sentence: `{name}`, `{n, plural, =0 {…} one {…} other {# …}}` and `\n`, the part of ICU's message form that is used here.

/// Appends a sentence to `out`, where it has signs with its places filled, each value as `put` writes it; a place without a value stays visible as `{name}`.
pub(super) fn fill(out: &mut String, (text, signs): (&str, bool), values: &[(&str, &str)], put: fn(&mut String, &str)) {
    if signs {
        fill_with(out, text, &Filling { values, put }, None);
    } else {
        out.push_str(text);
    }
}

struct Filling<'a> {
    values: &'a [(&'a str, &'a str)],
    put: fn(&mut String, &str),
}

fn fill_with(out: &mut String, text: &str, filling: &Filling<'_>, number: Option<&str>) {
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(|byte| matches!(byte, b'{' | b'#' | b'\\')) {
        let (plain, marked) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(plain);
        let (sign, after) = marked.split_at_checked(1).unwrap_or_default();
        rest = after;
        match (sign, number) {
            ("{", _) => {
                let (place, behind) = braced(after);
                fill_place(out, place, filling);
                rest = behind;
            }
            ("#", Some(number)) => (filling.put)(out, number),
            ("\\", _) if after.starts_with('n') => {
                out.push('\n');
                rest = after.get(1..).unwrap_or_default();
            }
            _ => out.push_str(sign),
        }
    }
    out.push_str(rest);
}

fn fill_place(out: &mut String, place: &str, filling: &Filling<'_>) {
    let (name, cases) = if place.as_bytes().contains(&b',') { place.split_once(", plural, ").unwrap_or((place, "")) } else { (place, "") };
    let Some((_, value)) = filling.values.iter().find(|(known, _)| *known == name) else {
        out.push('{');
        out.push_str(name);
        out.push('}');
        return;
    };
    if cases.is_empty() {
        (filling.put)(out, value);
    } else {
        fill_with(out, choose(cases, value), filling, Some(value));
    }
}

/// Picks the case of a plural: `=0` exactly, `one` for 1, otherwise `other`.
fn choose<'a>(cases: &'a str, value: &str) -> &'a str {
    let (mut rest, mut other) = (cases, "");
    while let Some((key, after)) = rest.split_once('{') {
        let (text, next) = braced(after);
        let key = key.trim();
        let exact = key.strip_prefix('=').is_some_and(|number| number == value);
        if exact || (key == "one" && value == "1") {
            return text;
        }
        if key == "other" {
            other = text;
        }
        rest = next;
    }
    other
}

/// Splits after the brace that closes the one already opened.
fn braced(text: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    let closing = text.as_bytes().iter().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    closing.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))).unwrap_or((text, ""))
}
