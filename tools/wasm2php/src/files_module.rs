//! Writes class `Module`: the memory a module starts with, its exports, and for linkable ones how an instance is put together.

use crate::File;
use crate::files::{LINE, exported, head, image, quoted, start, type_word};
use crate::module::{Place, Start};
use crate::plan::Plan;
use std::fmt::Write as _;
use wasmparser::{ExternalKind, TypeRef, ValType};

pub(crate) fn module(plan: &Plan<'_>) -> File {
    let mut text = head(plan, "The module as a whole: the memory that it starts with, and what it exports.");
    text.push_str("final class Module {\n");
    if plan.options.linkable {
        text.push_str(&instantiate(plan));
    } else {
        text.push_str(&memory(plan));
        for (name, function) in exported(plan) {
            text.push_str(&export(plan, name, function));
        }
    }
    text.push_str("}\n");
    File { name: "Module.php".into(), text }
}

/// The memory at the start, as a method.
fn memory(plan: &Plan<'_>) -> String {
    let mut text = String::from("\n\t/** Memory as it is at the start: a list of 32-bit words. */\n\tpublic static function memory() {\n");
    let words = plan.module.memory.as_ref().map_or(0, |memory| memory.initial * 16_384);
    let segments = image(plan);
    let names: Vec<String> = (0..segments.len()).map(|at| format!("self::at_{:x}()", segments[at].0)).collect();
    let pairs: Vec<String> = segments.iter().zip(&names).map(|((at, _), call)| format!("{at} => {call}")).collect();
    if plan.options.core {
        text.push_str("\t\tif (Memory::is_kept(__DIR__ . '/Image.php')) {\n\t\t\treturn Image::WORDS;\n\t\t}\n");
    }
    let _ = writeln!(text, "\t\treturn Memory::of({words}, [{}]);\n\t}}", pairs.join(", "));
    for (at, lines) in segments {
        let _ = write!(
            text,
            "\n\t/** The data from address {at} on. */\n\tprivate static function at_{at:x}() {{\n\t\treturn {};\n\t}}\n",
            lines.join("\n\t\t\t. ")
        );
    }
    text
}

/// The same memory as one list of numbers, for hosts whose opcache keeps such a list ready: it is copied in a third of the time in which it is made.
pub(crate) fn whole_image(plan: &Plan<'_>) -> Option<File> {
    let words = plan.module.memory.as_ref().filter(|_| plan.options.core && !plan.options.linkable)?.initial * 16_384;
    let mut bytes = vec![0_u8; usize::try_from(words).ok()? * 4];
    for data in &plan.module.data {
        let Place::At(_, Start::I32(at)) = data.place else { continue };
        let at = at as u32 as usize;
        bytes.get_mut(at..at + data.bytes.len())?.copy_from_slice(data.bytes);
    }
    let mut text = head(plan, "Memory as it is at the start, once more: the numbers that `Module`'s strings stand for.");
    text.push_str("final class Image {\n\n\tconst WORDS = [");
    let mut column = LINE;
    for word in bytes.chunks_exact(4) {
        let number = format!("{},", word.iter().rev().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)));
        if column + number.len() > LINE {
            text.push_str("\n\t\t");
            column = 0;
        }
        column += number.len();
        text.push_str(&number);
    }
    text.push_str("\n\t];\n}\n");
    Some(File { name: "Image.php".into(), text })
}

/// One exported function as a method.
fn export(plan: &Plan<'_>, name: &str, function: u32) -> String {
    let named = &plan.names[function as usize];
    let count = plan.module.type_of(function).params().len();
    let method: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let arguments: Vec<String> = (0..count).map(|at| format!("$p{at}")).collect();
    let parameters: Vec<String> = ["&$m".to_owned()].into_iter().chain(arguments.iter().cloned()).collect();
    let words: Vec<String> = passed(plan, function, "$m").into_iter().chain(arguments).collect();
    format!(
        "\n\t/** The export `{name}`. */\n\tpublic static function {method}({}) {{\n\t\treturn {}::{}({});\n\t}}\n",
        parameters.join(", "),
        named.class,
        named.method,
        words.join(", ")
    )
}

/// What a call from outside passes first.
fn passed(plan: &Plan<'_>, function: u32, memory: &str) -> Vec<String> {
    let pointer = plan.stack_pointer.map(|global| start(&plan.module.globals_start[global as usize - plan.module.imported_globals]));
    let words = plan.passed(function).into_iter();
    words
        .map(|name| match name {
            "$m" => memory.to_owned(),
            "$sp" => pointer.clone().unwrap_or_default(),
            other => other.to_owned(),
        })
        .collect()
}

/// Puts an instance together from imports: functions, globals, memory, tables, segments, start.
fn instantiate(plan: &Plan<'_>) -> String {
    let mut text = String::from(
        "\n\t/** An instance with these imports, by module and name. */\n\tpublic static function instantiate($imports) {\n\t\t$w = new Instance();\n",
    );
    imports(plan, &mut text);
    functions(plan, &mut text);
    for (at, (ty, value)) in plan.module.globals[plan.module.imported_globals..].iter().zip(&plan.module.globals_start).enumerate() {
        let _ = writeln!(
            text,
            "\t\t$w->globals[{}] = new Cell({}, '{}', {});",
            at + plan.module.imported_globals,
            start(value),
            letter(ty.content_type),
            ty.mutable
        );
    }
    if let (Some(memory), false) = (&plan.module.memory, plan.module.memory_is_imported) {
        let most = memory.maximum.map_or("null".to_owned(), |most| most.to_string());
        let _ = writeln!(text, "\t\t$w->memory = new MemoryBox({}, {most});", memory.initial);
    }
    for (at, table) in plan.module.tables.iter().enumerate().skip(plan.module.imported_tables) {
        let most = table.maximum.map_or("null".to_owned(), |most| most.to_string());
        let _ = writeln!(text, "\t\t$w->tables[{at}] = new TableBox({}, {most});", table.initial);
    }
    for (name, kind, index) in &plan.module.exports {
        let value = match kind {
            ExternalKind::Func => format!("$w->functions[{index}]"),
            ExternalKind::Global => format!("$w->globals[{index}]"),
            ExternalKind::Table => format!("$w->tables[{index}]"),
            _ => "$w->memory".to_owned(),
        };
        let _ = writeln!(text, "\t\t$w->exports[{}] = {value};", quoted(name.as_bytes()));
    }
    segments(plan, &mut text);
    if let Some(function) = plan.module.start {
        let _ = writeln!(text, "\t\t($w->functions[{function}]->call)();");
    }
    text.push_str("\t\treturn $w;\n\t}\n");
    text
}

fn imports(plan: &Plan<'_>, text: &mut String) {
    let (mut functions, mut globals, mut tables) = (0, 0, 0);
    for (module, name, ty) in &plan.module.imports {
        let place = format!("$imports, {}, {}", quoted(module.as_bytes()), quoted(name.as_bytes()));
        let _ = match ty {
            TypeRef::Func(_) => {
                functions += 1;
                writeln!(text, "\t\t$w->functions[{0}] = Linking::func({place}, '{1}');", functions - 1, type_word(plan, functions - 1))
            }
            TypeRef::Global(ty) => {
                globals += 1;
                writeln!(text, "\t\t$w->globals[{}] = Linking::cell({place}, '{}', {});", globals - 1, letter(ty.content_type), ty.mutable)
            }
            TypeRef::Table(ty) => {
                tables += 1;
                let most = ty.maximum.map_or("null".to_owned(), |most| most.to_string());
                writeln!(text, "\t\t$w->tables[{}] = Linking::table({place}, {}, {most});", tables - 1, ty.initial)
            }
            TypeRef::Memory(ty) => {
                let most = ty.maximum.map_or("null".to_owned(), |most| most.to_string());
                writeln!(text, "\t\t$w->memory = Linking::memory({place}, {}, {most});\n\t\t$w->most_pages = $w->memory->most ?? 65536;", ty.initial)
            }
            _ => Ok(()),
        };
    }
}

fn functions(plan: &Plan<'_>, text: &mut String) {
    for function in plan.module.imported_functions as u32..plan.module.functions.len() as u32 {
        let named = &plan.names[function as usize];
        let words: Vec<String> = passed(plan, function, "$w->memory->words").into_iter().chain(["...$a".to_owned()]).collect();
        let _ = writeln!(
            text,
            "\t\t$w->functions[{function}] = new Func(static function (...$a) use ($w) {{ return {}::{}({}); }}, '{}');",
            named.class,
            named.method,
            words.join(", "),
            type_word(plan, function)
        );
    }
}

fn segments(plan: &Plan<'_>, text: &mut String) {
    for (at, elements) in plan.module.elements.iter().enumerate() {
        let items: Vec<String> = elements.items.iter().map(start).collect();
        let _ = writeln!(text, "\t\t$w->elements[{at}] = [{}];", items.join(", "));
    }
    for (at, data) in plan.module.data.iter().enumerate() {
        let _ = writeln!(text, "\t\t$w->data[{at}] = {};", quoted(data.bytes));
    }
    for (at, elements) in plan.module.elements.iter().enumerate() {
        if let Place::At(table, offset) = elements.place {
            let count = elements.items.len();
            let _ = writeln!(text, "\t\tLinking::table_init($w, {table}, {at}, {}, 0, {count});", start(&offset));
        }
        if elements.place != Place::Passive {
            let _ = writeln!(text, "\t\tLinking::elem_drop($w, {at});");
        }
    }
    for (at, data) in plan.module.data.iter().enumerate() {
        if let Place::At(_, offset) = data.place {
            let _ = writeln!(
                text,
                "\t\tLinking::memory_init($w, $w->memory->words, {at}, {}, 0, {});\n\t\tLinking::data_drop($w, {at});",
                start(&offset),
                data.bytes.len()
            );
        }
    }
}

fn letter(ty: ValType) -> char {
    match ty {
        ValType::I32 => 'i',
        ValType::I64 => 'l',
        ValType::F32 => 'f',
        ValType::F64 => 'd',
        _ => 'r',
    }
}
