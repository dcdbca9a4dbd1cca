//! Fills the places of a sentence: `{name}`, `{n, plural, =0 {…} one {…} other {# …}}` and `\n`, the part of ICU's message form that is used here.

/// Appends `text` to `out` with its places filled; a place without a value stays visible as `{name}`.
pub(super) fn fill(out: &mut String, text: &str, values: &[(&str, &str)]) {
    fill_with(out, text, values, None);
}

fn fill_with(out: &mut String, text: &str, values: &[(&str, &str)], number: Option<&str>) {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '#', '\\']) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        rest = if let Some(inside) = marked.strip_prefix('{') {
            let (place, after) = braced(inside);
            fill_place(out, place, values);
            after
        } else if let Some(after) = marked.strip_prefix("\\n") {
            out.push('\n');
            after
        } else {
            let mut chars = marked.chars();
            match (chars.next(), number) {
                (Some('#'), Some(number)) => out.push_str(number),
                (Some(other), _) => out.push(other),
                (None, _) => {}
            }
            chars.as_str()
        };
    }
    out.push_str(rest);
}

fn fill_place(out: &mut String, place: &str, values: &[(&str, &str)]) {
    let (name, cases) = place.split_once(", plural, ").unwrap_or((place, ""));
    let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
        out.push('{');
        out.push_str(name);
        out.push('}');
        return;
    };
    if cases.is_empty() {
        out.push_str(value);
    } else {
        fill_with(out, choose(cases, value), values, Some(value));
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
