//! One instruction at a time: hands numbers and memory on to their files, and writes calls, locals, globals and tables itself.

use crate::Refusal;
use crate::body::{Body, POINTER, computed};
use crate::expr::{Binds, Expr, WORD};
use wasmparser::{FuncType, Operator, ValType};

/// Where the fast build takes the shadow stack to end: a page above zero, and no frame is larger than a page.
const LOWEST_STACK: i128 = 0x1_0000;

impl<'a> Body<'_, 'a> {
    /// Writes one instruction.
    pub(crate) fn one(&mut self, operator: &Operator<'a>) -> Result<(), Refusal> {
        match operator {
            Operator::Nop => {}
            Operator::Unreachable => {
                self.clear_actions();
                self.line("throw new Trap('unreachable');");
                self.set = None;
            }
            Operator::BrIf { relative_depth } => self.jump_if(*relative_depth),
            Operator::BrTable { targets } => self.jump_table(targets),
            Operator::Return => self.give_back(false),
            Operator::Call { function_index } => self.call(*function_index),
            Operator::CallIndirect { type_index, table_index } => self.call_indirect(*type_index, *table_index),
            Operator::Drop => self.discard(),
            Operator::Select | Operator::TypedSelect { .. } => self.select(),
            Operator::LocalGet { local_index } => {
                let local = self.get(*local_index);
                self.push(local);
            }
            Operator::LocalSet { local_index } => self.assign(*local_index, false),
            Operator::LocalTee { local_index } => self.assign(*local_index, true),
            Operator::GlobalGet { global_index } => self.global_get(*global_index),
            Operator::GlobalSet { global_index } => self.global_set(*global_index),
            Operator::TableInit { elem_index, table } => self.bulk("Linking::table_init", &format!("$w, {table}, {elem_index}"), 3),
            Operator::TableCopy { dst_table, src_table } => self.bulk("Linking::table_copy", &format!("$w, {dst_table}, {src_table}"), 3),
            Operator::ElemDrop { elem_index } => self.bulk("Linking::elem_drop", &format!("$w, {elem_index}"), 0),
            Operator::MemoryInit { data_index, .. } => self.bulk("Linking::memory_init", &format!("$w, $m, {data_index}"), 3),
            Operator::DataDrop { data_index } => self.bulk("Linking::data_drop", &format!("$w, {data_index}"), 0),
            Operator::MemoryCopy { .. } => self.bulk("Memory::copy", "$m", 3),
            Operator::MemoryFill { .. } => self.bulk("Memory::fill", "$m", 3),
            Operator::MemorySize { .. } => self.push(Expr::new("\\count($m) >> 14", Binds::Shifts, 0, 0x10000).looking()),
            Operator::MemoryGrow { .. } => {
                let by = self.word();
                let most = match &self.plan.module.memory {
                    Some(memory) if !self.plan.module.memory_is_imported => memory.maximum.unwrap_or(0x10000).to_string(),
                    _ => "$w->most_pages".into(),
                };
                self.push(Expr::new(format!("Memory::grow($m, {}, {most})", by.text), Binds::Atom, 0, WORD).with(&by).looking().acting());
            }
            other => {
                if !(self.memory(other) || self.integer(other) || self.float(other)) {
                    return Err(Refusal::new(format!("the instruction {other:?}")));
                }
            }
        }
        Ok(())
    }

    /// A statement that calls the runtime with `count` words from the stack.
    fn bulk(&mut self, name: &str, first: &str, count: usize) {
        let mut words: Vec<Expr> = (0..count).map(|_| self.word()).collect();
        words.reverse();
        let all = words.iter().fold(Expr::integer(0), |all, word| all.with(word));
        let texts: Vec<&str> = std::iter::once(first).chain(words.iter().map(|word| word.text.as_str())).collect();
        let line = format!("{name}({});", texts.join(", "));
        self.act(&Expr { looks: true, traps: true, ..all }, &[line]);
    }

    fn arguments(&mut self, ty: &FuncType) -> Vec<Expr> {
        let mut arguments: Vec<Expr> = ty.params().iter().rev().map(|ty| if *ty == ValType::I32 { self.word() } else { self.number() }).collect();
        arguments.reverse();
        arguments
    }

    /// A call by name.
    fn call(&mut self, function: u32) {
        let plan = self.plan;
        let ty = plan.module.type_of(function);
        let arguments = self.arguments(ty);
        let is_imported = (function as usize) < plan.module.imported_functions && !plan.missing.contains_key(&function);
        let name = if is_imported {
            format!("($w->functions[{function}]->call)")
        } else {
            let named = &plan.names[function as usize];
            let class = if named.class == plan.names[self.function as usize].class { "self" } else { &named.class };
            format!("{class}::{}", named.method)
        };
        let passed = if is_imported { vec![] } else { plan.passed(function) };
        self.called(&name, &passed, &arguments, None, ty);
    }

    /// A call through the table: by a `switch` of its own per type where the table never changes.
    fn call_indirect(&mut self, type_index: u32, table: u32) {
        let plan = self.plan;
        let ty = &plan.module.types[type_index as usize];
        let index = self.word();
        if plan.has_instance {
            // WebAssembly evaluates the index last; what it needs is cheap to write first then.
            self.stack.push(index);
            let count = ty.params().len();
            self.settle(0);
            for at in 1..=count {
                if self.stack[self.stack.len() - 1 - at].acts || self.stack[self.stack.len() - 1 - at].traps {
                    self.settle(at);
                }
            }
            let index = self.pop();
            let arguments = self.arguments(ty);
            let name = format!("(Linking::callee($w, {table}, {}, '{}')->call)", index.text, signature(ty));
            return self.called(&name, &[], &arguments, None, ty);
        }
        let arguments = self.arguments(ty);
        let name = format!("Table::{}", table_method(ty));
        let stack = plan.stack_pointer.is_some();
        self.called(&name, &plan.carried(stack), &arguments, Some(index), ty);
    }

    fn called(&mut self, name: &str, passed: &[&str], arguments: &[Expr], index: Option<Expr>, ty: &FuncType) {
        let mut effects = Expr::integer(0);
        let mut texts: Vec<String> = passed.iter().map(|name| (*name).to_owned()).collect();
        for argument in arguments.iter().chain(&index) {
            texts.push(argument.text.clone());
            effects = effects.with(argument);
        }
        if passed.contains(&"$sp") {
            effects.reads.insert(POINTER);
        }
        let effects = Expr { looks: true, acts: true, traps: true, ..effects };
        let text = format!("{name}({})", texts.join(", "));
        match ty.results() {
            [] => self.act(&effects, &[format!("{text};")]),
            [result] => {
                let (low, high) = if matches!(result, ValType::I32 | ValType::F32) { (0, WORD) } else { (i128::from(i64::MIN), i128::from(i64::MAX)) };
                self.push(Expr { text, binds: Binds::Atom, low, high, ..effects });
            }
            results => {
                self.clear_for(&effects, None);
                let height = self.stack.len();
                self.results(height, results, &text);
            }
        }
    }

    fn global_get(&mut self, global: u32) {
        if Some(global) == self.plan.stack_pointer {
            // The fast build believes that the stack stays off the lowest page, so that a frame's addresses need no mask.
            let (low, high) = if self.plan.options.checked { (0, WORD) } else { (LOWEST_STACK, 0x7fff_ffff) };
            return self.push(Expr::variable("$sp".into(), POINTER, low, high));
        }
        let is_word = matches!(self.plan.module.globals[global as usize].content_type, ValType::I32 | ValType::F32);
        let (low, high) = if is_word { (0, WORD) } else { (i128::from(i64::MIN), i128::from(i64::MAX)) };
        let text = if self.plan.has_instance { format!("$w->globals[{global}]->value") } else { self.fixed_global(global) };
        self.push(Expr::new(text, Binds::Atom, low, high).looking());
    }

    /// A global that never changes, in a module without other state.
    fn fixed_global(&self, global: u32) -> String {
        crate::files::start(&self.plan.module.globals_start[global as usize - self.plan.module.imported_globals])
    }

    fn global_set(&mut self, global: u32) {
        let is_word = self.plan.module.globals[global as usize].content_type == ValType::I32;
        let value = if is_word { self.word() } else { self.number() };
        if Some(global) == self.plan.stack_pointer {
            self.clear_for(&value, Some(POINTER));
            if value.text != "$sp" {
                self.line(&format!("$sp = {};", value.text));
            }
            return;
        }
        let line = format!("$w->globals[{global}]->value = {};", value.text);
        self.act(&value, &[line]);
    }
}

/// A type as a word, so that types that are equal are one in every module.
pub(crate) fn signature(ty: &FuncType) -> String {
    let letters = |types: &[ValType]| -> String {
        let letter = |ty: &ValType| match ty {
            ValType::I32 => 'i',
            ValType::I64 => 'l',
            ValType::F32 => 'f',
            ValType::F64 => 'd',
            ValType::V128 => 'v',
            ValType::Ref(_) => 'r',
        };
        types.iter().map(letter).collect()
    };
    format!("{}_{}", letters(ty.params()), letters(ty.results()))
}

/// The method of class `Table` that calls functions of this type.
pub(crate) fn table_method(ty: &FuncType) -> String {
    format!("call_{}", signature(ty))
}

/// A call into the runtime's integers that may trap.
pub(crate) fn trapping(name: &str, arguments: &[&Expr], low: i128, high: i128) -> Expr {
    computed(name, arguments, low, high).trapping()
}
