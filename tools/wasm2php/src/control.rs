//! Control flow: blocks, loops and ifs become PHP's own, branches become `break N` and `continue N`.

use crate::Refusal;
use crate::body::{Body, SLOTS};
use crate::expr::{Binds, Expr, WORD};
use crate::stack_pointer::arities;
use crate::tree::{self, Node, branches_to};
use std::collections::BTreeSet;
use wasmparser::{BlockType, BrTable, Operator, ValType};

/// Where a branch ends up in PHP. Constructs (what `break` can leave) are counted from the outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Break(usize),
    Continue(usize),
    Return,
}

/// An open label.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) target: Target,
    /// How many values stood below it.
    pub(crate) height: usize,
    /// What a branch to it carries.
    pub(crate) results: Vec<ValType>,
}

impl<'a> Body<'_, 'a> {
    /// Writes nodes in order. `tail` is where PHP goes by itself after the last one, if that is a target of its own.
    pub(crate) fn list(&mut self, nodes: &[Node<'a>], tail: Option<Target>) -> Result<(), Refusal> {
        for (at, node) in nodes.iter().enumerate() {
            if self.set.is_none() {
                return Ok(());
            }
            let rest = &nodes[at + 1..];
            let tail = if rest.is_empty() { tail } else { None };
            match node {
                Node::One(Operator::Br { relative_depth }) => self.jump(*relative_depth, tail),
                Node::One(Operator::GlobalSet { global_index }) if Some(*global_index) == self.plan.stack_pointer && self.is_last_use(rest) => self.discard(),
                Node::One(operator) => self.one(operator)?,
                Node::Block(ty, body) => self.block(*ty, body, tail)?,
                Node::Loop(ty, body) => self.repeat(*ty, body, tail)?,
                Node::If(ty, then, other) => self.choose(*ty, then, other, tail)?,
            }
        }
        Ok(())
    }

    /// Whether the function ends before anybody looks at the stack pointer again.
    fn is_last_use(&self, rest: &[Node<'a>]) -> bool {
        let mut ends = self.labels.len() == 1;
        let mut found_end = false;
        for node in rest {
            match node {
                Node::One(Operator::Return) => {
                    ends = true;
                    found_end = true;
                    break;
                }
                Node::One(Operator::Call { .. } | Operator::CallIndirect { .. } | Operator::GlobalGet { .. }) => return false,
                Node::One(Operator::Br { .. } | Operator::BrIf { .. } | Operator::BrTable { .. }) => return false,
                Node::One(_) => {}
                _ => return false,
            }
        }
        ends || found_end
    }

    /// The types that a block takes and leaves.
    fn block_types(&self, ty: BlockType) -> (Vec<ValType>, Vec<ValType>) {
        match ty {
            BlockType::Empty => (vec![], vec![]),
            BlockType::Type(ty) => (vec![], vec![ty]),
            BlockType::FuncType(index) => {
                let ty = &self.plan.module.types[index as usize];
                (ty.params().to_vec(), ty.results().to_vec())
            }
        }
    }

    /// Before a construct: writes out what it could change or what must not be written inside it; returns the height.
    fn enter(&mut self, ty: BlockType, bodies: &[&[Node<'a>]]) -> usize {
        let (params, _) = arities(self.plan.module, ty);
        let height = self.stack.len() - params;
        let mut sets = BTreeSet::new();
        for body in bodies {
            tree::each(body, &mut |operator| {
                if let Operator::LocalSet { local_index } | Operator::LocalTee { local_index } = operator {
                    sets.insert(*local_index);
                }
            });
        }
        for at in 0..self.stack.len() {
            let waiting = &self.stack[at];
            let changes = waiting.reads.iter().any(|local| sets.contains(local) || *local >= SLOTS && *local != SLOTS + at as u32);
            if !waiting.is_still() || changes || at >= height {
                self.spill(at);
            }
        }
        height
    }

    /// After a construct whose results are in their slots.
    fn leave(&mut self, height: usize, results: &[ValType]) {
        self.stack.truncate(height);
        for ty in results {
            let at = self.stack.len() as u32;
            let (low, high) = if matches!(ty, ValType::I32 | ValType::F32) { (0, WORD) } else { (i128::from(i64::MIN), i128::from(i64::MAX)) };
            let name = self.name(SLOTS + at);
            self.stack.push(Expr::variable(name, SLOTS + at, low, high));
        }
    }

    /// Moves the values on top to the slots of a label.
    fn carry(&mut self, height: usize, results: &[ValType]) {
        let mut values: Vec<Expr> = Vec::new();
        for ty in results.iter().rev() {
            let value = self.pop();
            values.insert(0, if *ty == ValType::I32 { value.word() } else { value.number() });
        }
        self.clear_actions();
        let names: Vec<String> = (0..values.len()).map(|at| self.name(SLOTS + (height + at) as u32)).collect();
        match (&names[..], &values[..]) {
            ([name], [value]) if *name != value.text => self.line(&format!("{name} = {};", value.text)),
            ([] | [_], _) => {}
            _ if names.iter().zip(&values).all(|(name, value)| *name == value.text) => {}
            _ => {
                let texts: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
                self.line(&format!("[{}] = [{}];", names.join(", "), texts.join(", ")));
            }
        }
    }

    /// Notes what has been set on the way to a target.
    fn note(&mut self, target: Target) {
        if let Target::Break(construct) = target
            && let Some(now) = &self.set
        {
            let before = self.exits[construct].take();
            self.exits[construct] = Some(before.map_or_else(|| now.clone(), |before| before.intersection(now).copied().collect()));
        }
    }

    /// Opens something that `break` can leave.
    fn open(&mut self, text: &str) -> usize {
        self.line(text);
        self.indent += 1;
        self.exits.push(None);
        self.exits.len() - 1
    }

    /// Closes it; whoever left it by `break` goes on here too.
    fn close(&mut self, text: &str) {
        self.indent -= 1;
        self.line(text);
        let exits = self.exits.pop().flatten();
        self.set = match (self.set.take(), exits) {
            (Some(a), Some(b)) => Some(a.intersection(&b).copied().collect()),
            (a, b) => a.or(b),
        };
    }

    fn block(&mut self, ty: BlockType, body: &[Node<'a>], tail: Option<Target>) -> Result<(), Refusal> {
        let (params, results) = self.block_types(ty);
        if branches_to(body, 0) == 0 {
            let height = self.stack.len() - params.len();
            self.labels.push(Label { target: Target::Return, height, results });
            self.list(body, tail)?;
            self.labels.pop();
            return Ok(());
        }
        let height = self.enter(ty, &[body]);
        if let (Some(target), true) = (tail, results.is_empty()) {
            self.labels.push(Label { target, height, results });
            self.list(body, tail)?;
            self.labels.pop();
            self.stack.truncate(height);
            return Ok(());
        }
        let construct = self.open("do {");
        let inner = results.is_empty().then_some(Target::Break(construct));
        self.labels.push(Label { target: Target::Break(construct), height, results: results.clone() });
        self.list(body, inner)?;
        self.labels.pop();
        if self.set.is_some() {
            self.carry(height, &results);
        }
        self.close("} while (false);");
        self.leave(height, &results);
        Ok(())
    }

    fn repeat(&mut self, ty: BlockType, body: &[Node<'a>], tail: Option<Target>) -> Result<(), Refusal> {
        let (params, results) = self.block_types(ty);
        let branches = branches_to(body, 0);
        if branches == 0 {
            return self.block(ty, body, tail);
        }
        let height = self.enter(ty, &[body]);
        self.leave(height, &params);
        let tested = matches!(body.last(), Some(Node::One(Operator::BrIf { relative_depth: 0 })));
        if branches == 1 && tested && params.is_empty() && results.is_empty() {
            return self.repeat_while(height, &body[..body.len() - 1]);
        }
        let construct = self.open("while (true) {");
        self.labels.push(Label { target: Target::Continue(construct), height, results: params.clone() });
        match body.split_last() {
            // The jump back at the end is what PHP does by itself.
            Some((Node::One(Operator::Br { relative_depth: 0 }), before)) if params.is_empty() => {
                self.list(before, None)?;
                if self.set.is_some() {
                    self.clear_actions();
                }
                self.set = None;
            }
            _ => self.list(body, results.is_empty().then_some(Target::Break(construct)))?,
        }
        self.labels.pop();
        if self.set.is_some() {
            self.carry(height, &results);
            self.line("break;");
        }
        self.close("}");
        self.leave(height, &results);
        Ok(())
    }

    /// A loop that is only gone back to at its end: `do … while (condition)`.
    fn repeat_while(&mut self, height: usize, body: &[Node<'a>]) -> Result<(), Refusal> {
        let construct = self.open("do {");
        self.labels.push(Label { target: Target::Continue(construct), height, results: vec![] });
        self.list(body, None)?;
        self.labels.pop();
        let condition = if self.set.is_some() {
            let condition = self.pop();
            self.clear_actions();
            condition.condition().0
        } else {
            "false".into()
        };
        self.close(&format!("}} while ({condition});"));
        self.leave(height, &[]);
        Ok(())
    }

    fn choose(&mut self, ty: BlockType, then: &[Node<'a>], other: &[Node<'a>], tail: Option<Target>) -> Result<(), Refusal> {
        let (params, results) = self.block_types(ty);
        let condition = self.pop();
        self.clear_for(&Expr { acts: true, ..condition.clone() }, None);
        let height = self.enter(ty, &[then, other]);
        let branches = branches_to(then, 0) + branches_to(other, 0);
        let alias = tail.filter(|_| results.is_empty());
        let construct = if branches > 0 && alias.is_none() { Some(self.open("do {")) } else { None };
        let target = construct.map(Target::Break).or(alias).unwrap_or(Target::Return);
        let inner = if results.is_empty() { construct.map(Target::Break).or(tail) } else { None };
        self.labels.push(Label { target, height, results: results.clone() });
        let (then, other, condition) = if then.is_empty() && params.is_empty() && !other.is_empty() {
            (other, then, condition.negated().0)
        } else {
            (then, other, condition.condition().0)
        };
        self.line(&format!("if ({condition}) {{"));
        let before = self.set.clone();
        let end = self.branch(then, inner, height, &results)?;
        self.set = before;
        self.leave(height, &params);
        if end.is_none() {
            // Nobody comes out of the first branch: the second needs no room of its own.
            self.line("}");
            self.list(other, inner)?;
            if self.set.is_some() {
                self.carry(height, &results);
            }
        } else if other.is_empty() {
            self.line("}");
            self.carry(height, &results);
            self.set = self.set.take().map(|now| end.map_or(now.clone(), |end| now.intersection(&end).copied().collect()));
        } else {
            self.line("} else {");
            let second = self.branch(other, inner, height, &results)?;
            self.line("}");
            self.set = match (end, second) {
                (Some(a), Some(b)) => Some(a.intersection(&b).copied().collect()),
                (a, b) => a.or(b),
            };
        }
        self.labels.pop();
        if construct.is_some() {
            self.close("} while (false);");
        }
        self.leave(height, &results);
        Ok(())
    }

    /// One side of an if; returns what is set at its end.
    fn branch(&mut self, nodes: &[Node<'a>], tail: Option<Target>, height: usize, results: &[ValType]) -> Result<Option<BTreeSet<u32>>, Refusal> {
        self.indent += 1;
        self.list(nodes, tail)?;
        if self.set.is_some() {
            self.carry(height, results);
        }
        self.indent -= 1;
        Ok(self.set.take())
    }

    /// How PHP says a jump from here.
    fn jump_words(&self, target: Target) -> String {
        let (word, construct) = match target {
            Target::Return => return "return;".into(),
            Target::Break(construct) => ("break", construct),
            Target::Continue(construct) => ("continue", construct),
        };
        match self.exits.len() - construct {
            1 => format!("{word};"),
            levels => format!("{word} {levels};"),
        }
    }

    fn label(&self, depth: u32) -> Label {
        self.labels[self.labels.len() - 1 - depth as usize].clone()
    }

    /// A branch that is always taken.
    fn jump(&mut self, depth: u32, tail: Option<Target>) {
        let label = self.label(depth);
        if label.target == Target::Return && !label.results.is_empty() {
            return self.give_back(false);
        }
        self.carry(label.height, &label.results);
        if tail == Some(label.target) {
            // PHP goes there by itself.
            return;
        }
        self.note(label.target);
        let words = self.jump_words(label.target);
        self.line(&words);
        self.set = None;
    }

    /// A branch that is taken where the condition holds; the values stay for who goes on.
    pub(crate) fn jump_if(&mut self, depth: u32) {
        let label = self.label(depth);
        let condition = self.pop();
        self.stack.push(condition);
        self.clear_actions_below();
        let condition = self.pop();
        let (text, _) = condition.condition();
        if label.results.is_empty() {
            self.note(label.target);
            let words = self.jump_words(label.target);
            return self.braced(&text, |body| body.line(&words));
        }
        let kept = self.stack.clone();
        let set = self.set.clone();
        self.braced(&text, |body| body.jump(depth, None));
        self.stack = kept;
        self.set = set;
    }

    /// Writes out what acts or traps below the top.
    fn clear_actions_below(&mut self) {
        for at in 0..self.stack.len() - 1 {
            if self.stack[at].acts || self.stack[at].traps || (self.stack[at].looks && self.stack.last().is_some_and(|top| top.acts)) {
                self.spill(at);
            }
        }
    }

    fn braced(&mut self, condition: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("if ({condition}) {{"));
        self.indent += 1;
        inside(self);
        self.indent -= 1;
        self.line("}");
    }

    /// A branch by number.
    pub(crate) fn jump_table(&mut self, targets: &BrTable<'_>) {
        let mut cases: Vec<(u32, Vec<usize>)> = Vec::new();
        for (at, depth) in targets.targets().flatten().enumerate() {
            match cases.iter_mut().find(|case| case.0 == depth) {
                Some(case) => case.1.push(at),
                None => cases.push((depth, vec![at])),
            }
        }
        let index = self.word();
        self.stack.push(index);
        self.clear_actions_below();
        let index = self.pop();
        let default = targets.default();
        cases.retain(|case| case.0 != default);
        if cases.is_empty() {
            self.stack.push(index);
            self.discard();
            return self.jump(default, None);
        }
        // Carried values are written in every case, so they must be cheap.
        for at in 0..self.label(default).results.len().min(self.stack.len()) {
            self.settle(at);
        }
        let kept = self.stack.clone();
        let set = self.set.clone();
        self.line(&format!("switch ({}) {{", index.text));
        self.indent += 1;
        self.exits.push(None);
        for (depth, numbers) in &cases {
            let words: Vec<String> = numbers.iter().map(|number| format!("case {number}:")).collect();
            self.line(&words.join(" "));
            self.case(*depth, &kept, &set);
        }
        self.line("default:");
        self.case(default, &kept, &set);
        self.exits.pop();
        self.indent -= 1;
        self.line("}");
        self.set = None;
    }

    fn case(&mut self, depth: u32, kept: &[Expr], set: &Option<BTreeSet<u32>>) {
        self.stack = kept.to_vec();
        self.set = set.clone();
        self.indent += 1;
        self.jump(depth, None);
        self.indent -= 1;
    }

    /// `condition ? a : b`.
    pub(crate) fn select(&mut self) {
        let top = self.stack.len() - 1;
        let condition_is_still = self.stack[top].is_still();
        for at in [top - 2, top - 1] {
            let value = &self.stack[at];
            if value.acts || value.traps || (value.looks && !condition_is_still) {
                self.spill(at);
            }
        }
        let condition = self.pop();
        let other = self.number();
        let chosen = self.number();
        let (low, high) = (chosen.low.min(other.low), chosen.high.max(other.high));
        let (text, binds) = condition.condition();
        let test = if binds > Binds::Ternary { text } else { format!("({text})") };
        let text = format!("{test} ? {} : {}", chosen.over(Binds::Ternary), other.over(Binds::Ternary));
        self.push(Expr::new(text, Binds::Ternary, low, high).with(&chosen).with(&other).with(&condition));
    }
}

impl Body<'_, '_> {
    /// Several results of a call, into their slots.
    pub(crate) fn results(&mut self, height: usize, results: &[ValType], call: &str) {
        for at in 0..height {
            if self.stack[at].reads.iter().any(|local| *local >= SLOTS + height as u32 && *local < SLOTS + (height + results.len()) as u32) {
                self.spill(at);
            }
        }
        let names: Vec<String> = (0..results.len()).map(|at| self.name(SLOTS + (height + at) as u32)).collect();
        self.line(&format!("[{}] = {call};", names.join(", ")));
        self.leave(height, results);
    }
}
