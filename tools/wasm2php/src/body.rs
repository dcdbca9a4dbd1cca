//! Writes one function's statements: the wasm stack becomes expressions that wait, and are written out before something changes what they read.

use crate::Refusal;
use crate::control::{Label, Target};
use crate::expr::{Binds, Expr, WORD};
use crate::memory::Move;
use crate::plan::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use wasmparser::ValType;

/// Spill slots are numbered behind all locals; slot n holds what stands n-th on the stack.
pub(crate) const SLOTS: u32 = 0x1000_0000;

/// The shadow stack's pointer, as a local.
pub(crate) const POINTER: u32 = 0x2000_0000;

/// The longest expression that still waits: longer ones get a line of their own.
const LONGEST: usize = 160;

/// A function being written.
pub(crate) struct Body<'p, 'a> {
    pub(crate) plan: &'p Plan<'a>,
    pub(crate) function: u32,
    pub(crate) text: String,
    pub(crate) indent: usize,
    pub(crate) stack: Vec<Expr>,
    pub(crate) labels: Vec<Label>,
    /// What has surely been set where each open PHP construct is left.
    pub(crate) exits: Vec<Option<BTreeSet<u32>>>,
    /// The locals that surely have been set here; none where nobody comes.
    pub(crate) set: Option<BTreeSet<u32>>,
    /// Locals that may be read before they are set.
    pub(crate) unset: BTreeSet<u32>,
    pub(crate) types: Vec<ValType>,
    pub(crate) last_move: Option<Move>,
    parameters: u32,
    /// What each local can hold, from the pass before.
    known: BTreeMap<u32, (i128, i128)>,
    seen: BTreeMap<u32, (i128, i128)>,
}

/// Writes a function as a method of its class, with its comment.
pub(crate) fn method(plan: &Plan<'_>, function: u32) -> Result<String, Refusal> {
    let named = &plan.names[function as usize];
    let ty = plan.module.type_of(function);
    let mut text = format!("\t/** {} */\n", named.full);
    let mut parameters: Vec<String> = plan.passed(function).iter().map(|name| if *name == "$m" { "&$m".to_owned() } else { (*name).to_owned() }).collect();
    parameters.extend((0..ty.params().len()).map(|at| format!("$p{at}")));
    let _ = writeln!(text, "\tpublic static function {}({}) {{", named.method, parameters.join(", "));
    match plan.missing.get(&function) {
        Some(why) => {
            let _ = writeln!(text, "\t\tthrow new Trap({});", crate::files::quoted(why.as_bytes()));
        }
        None => {
            // What the first pass sees every local be set to drops masks in the second.
            let mut first = Body::new(plan, function, BTreeMap::new());
            first.write()?;
            let known = first.ranges();
            let mut body = Body::new(plan, function, known);
            body.write()?;
            text.push_str(&body.beginning());
            text.push_str(&body.text);
        }
    }
    text.push_str("\t}\n");
    Ok(text)
}

impl<'p, 'a> Body<'p, 'a> {
    fn new(plan: &'p Plan<'a>, function: u32, known: BTreeMap<u32, (i128, i128)>) -> Self {
        let parameters = plan.module.type_of(function).params();
        let mut types = parameters.to_vec();
        let own = (function as usize).checked_sub(plan.module.imported_functions).map(|at| &plan.module.bodies[at].locals);
        types.extend(own.into_iter().flatten());
        Self {
            plan,
            function,
            text: String::new(),
            indent: 2,
            stack: Vec::new(),
            labels: Vec::new(),
            exits: Vec::new(),
            set: Some((0..parameters.len() as u32).collect()),
            unset: BTreeSet::new(),
            last_move: None,
            types,
            parameters: parameters.len() as u32,
            known,
            seen: BTreeMap::new(),
        }
    }

    fn write(&mut self) -> Result<(), Refusal> {
        let plan = self.plan;
        let Some(tree) = plan.tree(self.function) else { return Ok(()) };
        let results = plan.module.type_of(self.function).results().to_vec();
        let tail = results.is_empty().then_some(Target::Return);
        self.labels.push(Label { target: Target::Return, height: 0, results });
        self.list(tree, tail)?;
        if self.set.is_some() {
            self.give_back(true);
        }
        Ok(())
    }

    /// What each local was seen to be set to in this pass.
    fn ranges(&self) -> BTreeMap<u32, (i128, i128)> {
        let mut ranges = self.seen.clone();
        for local in &self.unset {
            let range = ranges.entry(*local).or_insert((0, 0));
            *range = (range.0.min(0), range.1.max(0));
        }
        ranges
    }

    /// The locals that WebAssembly starts with zero, where that can be seen.
    fn beginning(&self) -> String {
        let mut text = String::new();
        for (zero, floats) in [("0", false), ("0.0", true)] {
            let names: Vec<String> =
                self.unset.iter().filter(|local| (self.types[**local as usize] == ValType::F64) == floats).map(|local| self.name(*local)).collect();
            if !names.is_empty() {
                let _ = writeln!(text, "\t\t{} = {zero};", names.join(" = "));
            }
        }
        text
    }

    /// The PHP name of a local, a slot or the stack pointer.
    pub(crate) fn name(&self, local: u32) -> String {
        match local {
            POINTER => "$sp".into(),
            slot if slot >= SLOTS => format!("$s{}", slot - SLOTS),
            local if local < self.parameters => format!("$p{local}"),
            local => format!("$v{local}"),
        }
    }

    /// Writes one line.
    pub(crate) fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n('\t', self.indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Puts a value on the stack, to wait there.
    pub(crate) fn push(&mut self, expr: Expr) {
        let is_long = expr.text.len() > LONGEST;
        self.stack.push(expr);
        if is_long {
            self.spill(self.stack.len() - 1);
        }
    }

    /// Takes a value from the stack.
    pub(crate) fn pop(&mut self) -> Expr {
        // A valid module never takes from an empty stack where somebody comes, and elsewhere nothing is written.
        self.stack.pop().unwrap_or_else(|| Expr::integer(0))
    }

    /// Takes a number (never PHP's boolean).
    pub(crate) fn number(&mut self) -> Expr {
        self.pop().number()
    }

    /// Takes an i32 as 0..2^32-1.
    pub(crate) fn word(&mut self) -> Expr {
        self.pop().word()
    }

    /// Makes the value that stands `from_top` below the top cheap to write twice.
    pub(crate) fn settle(&mut self, from_top: usize) {
        let at = self.stack.len() - 1 - from_top;
        let is_ready = self.stack[at].is_atom();
        if !is_ready {
            self.spill(at);
        }
    }

    /// Writes a waiting value into its slot, after everything that must come before it.
    pub(crate) fn spill(&mut self, at: usize) {
        let slot = SLOTS + at as u32;
        let (looks, acts, traps) = (self.stack[at].looks, self.stack[at].acts, self.stack[at].traps);
        for before in 0..at {
            let earlier = &self.stack[before];
            let order = earlier.acts && (looks || acts || traps) || acts && (earlier.looks || earlier.traps);
            if order || earlier.reads.contains(&slot) {
                self.spill(before);
            }
        }
        let expr = self.stack[at].clone().number();
        let name = self.name(slot);
        if expr.text != name {
            self.line(&format!("{name} = {};", expr.text));
        }
        self.stack[at] = Expr::variable(name, slot, expr.low, expr.high);
    }

    /// Writes out every waiting value that a statement with these effects would change, or overtake.
    pub(crate) fn clear_for(&mut self, statement: &Expr, sets: Option<u32>) {
        for at in 0..self.stack.len() {
            let waiting = &self.stack[at];
            let order = waiting.acts && (statement.looks || statement.acts || statement.traps) || statement.acts && (waiting.looks || waiting.traps);
            if order || sets.is_some_and(|local| waiting.reads.contains(&local)) {
                self.spill(at);
            }
        }
    }

    /// Writes out everything that acts or may trap, before a jump that could skip it.
    pub(crate) fn clear_actions(&mut self) {
        for at in 0..self.stack.len() {
            if self.stack[at].acts || self.stack[at].traps {
                self.spill(at);
            }
        }
    }

    /// A statement that changes something: `text` built from expressions with these effects.
    pub(crate) fn act(&mut self, effects: &Expr, lines: &[String]) {
        let effects = Expr { acts: true, ..effects.clone() };
        self.clear_for(&effects, None);
        for line in lines {
            self.line(line);
        }
    }

    /// Reads a local.
    pub(crate) fn get(&mut self, local: u32) -> Expr {
        if self.set.as_ref().is_some_and(|set| !set.contains(&local)) {
            self.unset.insert(local);
        }
        let (low, high) = self.range(local);
        Expr::variable(self.name(local), local, low, high)
    }

    fn range(&self, local: u32) -> (i128, i128) {
        let whole = match self.types.get(local as usize) {
            Some(ValType::I32 | ValType::F32) | None => (0, WORD),
            Some(_) => (i128::from(i64::MIN), i128::from(i64::MAX)),
        };
        if local < self.parameters { whole } else { self.known.get(&local).copied().unwrap_or(whole) }
    }

    /// Sets a local to the value on top, which stays there if `keeps`.
    pub(crate) fn assign(&mut self, local: u32, keeps: bool) {
        let popped = self.pop();
        let value = match self.types[local as usize] {
            ValType::I32 => popped.word(),
            _ => popped.number(),
        };
        self.clear_for(&value, Some(local));
        let name = self.name(local);
        if value.text != name {
            self.line(&format!("{name} = {};", value.text));
        }
        if let Some(set) = &mut self.set {
            set.insert(local);
        }
        let seen = self.seen.entry(local).or_insert((value.low, value.high));
        *seen = (seen.0.min(value.low), seen.1.max(value.high));
        if keeps {
            let kept = self.get(local);
            // What was just written is known better than what the local may hold elsewhere.
            self.push(Expr { low: value.low.max(kept.low), high: value.high.min(kept.high), ..kept });
        }
    }

    /// Throws the value on top away, but not what it does.
    pub(crate) fn discard(&mut self) {
        let value = self.pop();
        if value.acts || value.traps {
            self.clear_for(&value, None);
            self.line(&format!("{};", value.text));
        }
    }

    /// Writes `return`, unless this is where PHP returns anyway.
    pub(crate) fn give_back(&mut self, is_end: bool) {
        let results = self.plan.module.type_of(self.function).results().to_vec();
        let mut values: Vec<Expr> = Vec::new();
        for ty in results.iter().rev() {
            let value = self.pop();
            values.insert(0, if *ty == ValType::I32 { value.word() } else { value.number() });
        }
        self.clear_actions();
        let texts: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
        match texts[..] {
            [] if is_end => {}
            [] => self.line("return;"),
            [one] => self.line(&format!("return {one};")),
            _ => self.line(&format!("return [{}];", texts.join(", "))),
        }
        self.set = None;
    }
}

/// A call of a runtime function that only computes.
pub(crate) fn computed(name: &str, arguments: &[&Expr], low: i128, high: i128) -> Expr {
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
    let call = Expr::new(format!("{name}({})", texts.join(", ")), Binds::Atom, low, high);
    arguments.iter().fold(call, |call, argument| call.with(argument))
}
