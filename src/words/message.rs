//! Fills the places of a sentence: `{name}`, `{n, plural, =0 {…} one {…} other {# …}}` and `\n`, the part of ICU's message form that is used here.

/// Appends `text` to `out` with its places filled, each value as `put` writes it; a place without a value stays visible as `{name}`.
pub(super) fn fill(out: &mut String, text: &str, values: &[(&str, &str)], put: fn(&mut String, &str)) {
    fill_with(out, text, &Filling { values, put }, None);
}

struct Filling<'a> {
    values: &'a [(&'a str, &'a str)],
    put: fn(&mut String, &str),
}

fn fill_with(out: &mut String, text: &str, filling: &Filling<'_>, number: Option<&str>) {
    let mut rest = text;
    while let Some((plain, marked)) = split(rest) {
        out.push_str(plain);
        rest = if let Some(inside) = marked.strip_prefix('{') {
            let (place, after) = braced(inside);
            fill_place(out, place, filling);
            after
        } else if let Some(after) = marked.strip_prefix("\\n") {
            out.push('\n');
            after
        } else {
            let mut chars = marked.chars();
            match (chars.next(), number) {
                (Some('#'), Some(number)) => (filling.put)(out, number),
                (Some(other), _) => out.push(other),
                (None, _) => {}
            }
            chars.as_str()
        };
    }
    out.push_str(rest);
}

/// Splits before the next sign that means something.
fn split(text: &str) -> Option<(&str, &str)> {
    let at = text.as_bytes().iter().position(|byte| matches!(byte, b'{' | b'#' | b'\\'))?;
    text.split_at_checked(at)
}

fn fill_place(out: &mut String, place: &str, filling: &Filling<'_>) {
    let plural = place.as_bytes().contains(&b',').then(|| place.split_once(", plural, ")).flatten();
    let (name, cases) = plural.unwrap_or((place, ""));
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
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            let (inside, rest) = text.split_at(at);
            return (inside, rest.strip_prefix('}').unwrap_or(rest));
        }
    }
    (text, "")
}
