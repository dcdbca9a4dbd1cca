//! Proves that a function gives the shadow stack's pointer back as it was, so that it can be passed by value.
//!
//! Follows, through every path, which values are "the pointer at entry plus a constant". A function passes when the
//! pointer is at entry plus zero wherever it returns. Whatever isn't understood is unknown, and unknown never passes.

use crate::module::Module;
use crate::tree::Node;
use std::collections::BTreeMap;
use wasmparser::{BlockType, FuncType, Operator};

/// How far a value is from the pointer at entry; `None`: unknown, or something else altogether.
type Offset = Option<i64>;

#[derive(Debug, Clone, PartialEq)]
struct State {
    pointer: Offset,
    locals: BTreeMap<u32, i64>,
    stack: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    FromEntry(i64),
    Constant(i64),
    Unknown,
}

struct Walk<'m, 'a> {
    module: &'m Module<'a>,
    global: u32,
    /// What leaves each open label by a branch.
    labels: Vec<Label>,
    holds: bool,
}

struct Label {
    is_loop: bool,
    height: usize,
    entry: Offset,
    exits: Option<State>,
    arity: usize,
}

pub(crate) fn is_given_back(module: &Module<'_>, function: u32, tree: &[Node<'_>], global: u32) -> bool {
    let ty = module.type_of(function);
    let mut walk = Walk { module, global, labels: Vec::new(), holds: true };
    let start = State { pointer: Some(0), locals: BTreeMap::new(), stack: Vec::new() };
    walk.labels.push(Label { is_loop: false, height: 0, entry: Some(0), exits: None, arity: ty.results().len() });
    let end = walk.list(tree, Some(start));
    let end = merge(end, walk.labels.pop().and_then(|label| label.exits));
    walk.holds && end.is_none_or(|end| end.pointer == Some(0))
}

fn merge(a: Option<State>, b: Option<State>) -> Option<State> {
    let (Some(mut a), Some(b)) = (a.clone(), b.clone()) else { return a.or(b) };
    if a.pointer != b.pointer {
        a.pointer = None;
    }
    a.locals.retain(|local, offset| b.locals.get(local) == Some(offset));
    for (at, value) in a.stack.iter_mut().enumerate() {
        if b.stack.get(at) != Some(value) {
            *value = Value::Unknown;
        }
    }
    Some(a)
}

impl Walk<'_, '_> {
    fn list(&mut self, nodes: &[Node<'_>], mut state: Option<State>) -> Option<State> {
        for node in nodes {
            let now = state?;
            state = match node {
                Node::One(operator) => self.one(operator, now),
                Node::Block(ty, body) => self.inside(*ty, &[body], false, now),
                Node::Loop(ty, body) => self.inside(*ty, &[body], true, now),
                Node::If(ty, then, other) => {
                    let mut now = now;
                    now.stack.pop();
                    self.inside(*ty, &[then, other], false, now)
                }
            };
        }
        state
    }

    fn inside(&mut self, ty: BlockType, bodies: &[&[Node<'_>]], is_loop: bool, mut now: State) -> Option<State> {
        let (params, results) = arities(self.module, ty);
        let height = now.stack.len().saturating_sub(params);
        for value in now.stack.iter_mut().skip(height) {
            *value = Value::Unknown;
        }
        if is_loop {
            forget_set(bodies[0], &mut now);
        }
        let arity = if is_loop { params } else { results };
        self.labels.push(Label { is_loop, height, entry: now.pointer, exits: None, arity });
        let mut end = None;
        for body in bodies {
            let after = self.list(body, Some(now.clone()));
            end = merge(end, after);
        }
        let label = self.labels.pop()?;
        let mut end = if is_loop { end } else { merge(end, label.exits) }?;
        end.stack.truncate(height);
        end.stack.extend(std::iter::repeat_n(Value::Unknown, results));
        Some(end)
    }

    fn branch(&mut self, depth: u32, now: &State) {
        let Some(at) = self.labels.len().checked_sub(1 + depth as usize) else { return };
        let label = &mut self.labels[at];
        if label.is_loop {
            // A loop is entered again with the pointer that it began with, or nothing is known inside it.
            self.holds &= label.entry.is_some() && label.entry == now.pointer;
            return;
        }
        let mut leaving = now.clone();
        leaving.stack.truncate(label.height);
        leaving.stack.extend(std::iter::repeat_n(Value::Unknown, label.arity));
        let before = label.exits.take();
        label.exits = merge(before, Some(leaving));
    }

    fn one(&mut self, operator: &Operator<'_>, mut now: State) -> Option<State> {
        match operator {
            Operator::GlobalGet { global_index } if *global_index == self.global => {
                now.stack.push(now.pointer.map_or(Value::Unknown, Value::FromEntry));
            }
            Operator::GlobalSet { global_index } if *global_index == self.global => {
                now.pointer = from_entry(now.stack.pop());
            }
            Operator::LocalGet { local_index } => {
                now.stack.push(now.locals.get(local_index).map_or(Value::Unknown, |offset| Value::FromEntry(*offset)));
            }
            Operator::LocalSet { local_index } => {
                let value = now.stack.pop();
                keep(&mut now, *local_index, from_entry(value));
            }
            Operator::LocalTee { local_index } => {
                let value = now.stack.last().copied();
                keep(&mut now, *local_index, from_entry(value));
            }
            Operator::I32Const { value } => now.stack.push(Value::Constant(i64::from(*value))),
            Operator::I32Add | Operator::I32Sub => {
                let (right, left) = (now.stack.pop(), now.stack.pop());
                let minus = matches!(operator, Operator::I32Sub);
                now.stack.push(match (left, right) {
                    (Some(Value::FromEntry(at)), Some(Value::Constant(by))) => Value::FromEntry(if minus { at - by } else { at + by }),
                    (Some(Value::Constant(by)), Some(Value::FromEntry(at))) if !minus => Value::FromEntry(at + by),
                    _ => Value::Unknown,
                });
            }
            Operator::Br { relative_depth } => {
                self.branch(*relative_depth, &now);
                return None;
            }
            Operator::BrIf { relative_depth } => {
                now.stack.pop();
                self.branch(*relative_depth, &now);
            }
            Operator::BrTable { targets } => {
                now.stack.pop();
                let all: Vec<u32> = targets.targets().flatten().chain([targets.default()]).collect();
                for depth in all {
                    self.branch(depth, &now);
                }
                return None;
            }
            Operator::Return => {
                let outermost = self.labels.len() as u32 - 1;
                self.branch(outermost, &now);
                return None;
            }
            Operator::Unreachable => return None,
            other => {
                let Some((pops, pushes)) = effect(self.module, other) else {
                    self.holds = false;
                    return None;
                };
                let left = now.stack.len().saturating_sub(pops);
                now.stack.truncate(left);
                now.stack.extend(std::iter::repeat_n(Value::Unknown, pushes));
            }
        }
        Some(now)
    }
}

fn from_entry(value: Option<Value>) -> Offset {
    match value {
        Some(Value::FromEntry(offset)) => Some(offset),
        _ => None,
    }
}

fn keep(state: &mut State, local: u32, offset: Offset) {
    match offset {
        Some(offset) => drop(state.locals.insert(local, offset)),
        None => drop(state.locals.remove(&local)),
    }
}

/// What a loop sets is unknown at its start.
fn forget_set(body: &[Node<'_>], state: &mut State) {
    crate::tree::each(body, &mut |operator| {
        if let Operator::LocalSet { local_index } | Operator::LocalTee { local_index } = operator {
            state.locals.remove(local_index);
        }
    });
}

/// How many values a block takes and leaves.
pub(crate) fn arities(module: &Module<'_>, ty: BlockType) -> (usize, usize) {
    match ty {
        BlockType::Empty => (0, 0),
        BlockType::Type(_) => (0, 1),
        BlockType::FuncType(index) => arity_of(&module.types[index as usize]),
    }
}

fn arity_of(ty: &FuncType) -> (usize, usize) {
    (ty.params().len(), ty.results().len())
}

/// How many values an instruction takes and leaves; none where the reader's table has none.
fn effect(module: &Module<'_>, operator: &Operator<'_>) -> Option<(usize, usize)> {
    Some(match operator {
        Operator::Call { function_index } => arity_of(module.type_of(*function_index)),
        Operator::CallIndirect { type_index, .. } => {
            let (params, results) = arity_of(&module.types[*type_index as usize]);
            (params + 1, results)
        }
        other => {
            let (pops, pushes) = other.operator_arity(&Arities(module))?;
            (pops as usize, pushes as usize)
        }
    })
}

/// What the reader's own table of arities asks for.
struct Arities<'m, 'a>(&'m Module<'a>);

impl wasmparser::ModuleArity for Arities<'_, '_> {
    fn tag_type_arity(&self, _: u32) -> Option<(u32, u32)> {
        None
    }
    fn type_index_of_function(&self, function: u32) -> Option<u32> {
        self.0.functions.get(function as usize).copied()
    }
    fn func_type_of_cont_type(&self, _: &wasmparser::ContType) -> Option<&FuncType> {
        None
    }
    fn sub_type_of_ref_type(&self, _: &wasmparser::RefType) -> Option<&wasmparser::SubType> {
        None
    }
    fn sub_type_at(&self, _: u32) -> Option<&wasmparser::SubType> {
        None
    }
    fn control_stack_height(&self) -> u32 {
        0
    }
    fn label_block(&self, _: u32) -> Option<(BlockType, wasmparser::FrameKind)> {
        None
    }
}
