//! Decides, before anything is written, how each part of a module is carried: who is called what, and what every call passes on.

use crate::module::{Module, Place, Start};
use crate::names::{Named, names};
use crate::tree::{self, Node};
use crate::{Options, Refusal, stack_pointer};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{ExternalKind, Operator, TypeRef, ValType};

/// What the core computes and the runtime does faster, byte for byte: the function's name, the runtime's class and method, how many parameters it takes,
/// and whether it gives something back.
const NATIVE: [(&str, &str, &str, usize, bool); 3] = [
    ("efectivo::signature::mac::sha256", "Hashes", "sha256", 3, false),
    ("efectivo::signature::mac::hmac_sha256", "Hashes", "hmac_sha256", 5, false),
    ("memcmp", "Memory", "compare", 3, true),
];

/// The decisions for one module.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) module: &'a Module<'a>,
    pub(crate) options: &'a Options,
    /// One per function, imported ones too.
    pub(crate) names: Vec<Named>,
    /// One per function that isn't imported.
    pub(crate) trees: Vec<Vec<Node<'a>>>,
    /// Functions that throw when they are called, with the reason.
    pub(crate) missing: BTreeMap<u32, String>,
    /// Functions that the runtime has of its own; their names are its names.
    pub(crate) native: BTreeSet<u32>,
    /// The global that is the shadow stack's pointer: passed by value, because every function gives it back as it was.
    pub(crate) stack_pointer: Option<u32>,
    /// The functions that need the stack pointer.
    pub(crate) needs_stack: BTreeSet<u32>,
    /// Whether calls pass an instance on, because the module has state beside its memory.
    pub(crate) has_instance: bool,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(module: &'a Module<'a>, options: &'a Options) -> Result<Self, Refusal> {
        let trees: Vec<_> = module.bodies.iter().map(|body| tree::tree(&body.operators)).collect();
        let mut plan = Self {
            module,
            options,
            names: names(module, options.split.as_deref(), &options.groups),
            trees,
            missing: BTreeMap::new(),
            native: BTreeSet::new(),
            stack_pointer: None,
            needs_stack: BTreeSet::new(),
            has_instance: false,
        };
        plan.find_missing()?;
        plan.find_native()?;
        plan.stack_pointer = plan.find_stack_pointer();
        plan.needs_stack = plan.find_stack_users();
        plan.has_instance = plan.has_other_state();
        Ok(plan)
    }

    /// The tree of a function, unless it is imported, missing or PHP's own.
    pub(crate) fn tree(&self, function: u32) -> Option<&Vec<Node<'a>>> {
        if self.missing.contains_key(&function) || self.native.contains(&function) {
            return None;
        }
        self.trees.get((function as usize).checked_sub(self.module.imported_functions)?)
    }

    /// The functions in the table, by index, where the table never changes.
    pub(crate) fn fixed_table(&self) -> BTreeMap<u32, u32> {
        let mut found = BTreeMap::new();
        for elements in &self.module.elements {
            if let Place::At(0, Start::I32(offset)) = elements.place {
                for (at, item) in elements.items.iter().enumerate() {
                    if let Start::Function(function) = item {
                        found.insert((offset as u32).wrapping_add(at as u32), *function);
                    }
                }
            }
        }
        found
    }

    /// What every call of a function passes before its own arguments, as PHP names.
    pub(crate) fn passed(&self, function: u32) -> Vec<&'static str> {
        self.carried(self.needs_stack.contains(&function))
    }

    pub(crate) fn carried(&self, stack: bool) -> Vec<&'static str> {
        let mut passed = Vec::new();
        if self.has_instance {
            passed.push("$w");
        }
        if self.module.memory.is_some() {
            passed.push("$m");
        }
        if stack {
            passed.push("$sp");
        }
        passed
    }

    /// Refuses what isn't translated, or notes the functions that will throw instead.
    fn find_missing(&mut self) -> Result<(), Refusal> {
        let module = self.module;
        if self.options.throw_missing {
            let imported = module.imports.iter().filter(|import| matches!(import.2, TypeRef::Func(_)));
            for (function, (from, name, _)) in (0..).zip(imported) {
                self.missing.insert(function, format!("{from} {name} is imported, and this host has none"));
            }
        }
        for (function, why) in (module.imported_functions as u32..).zip(self.trees.iter().map(|tree| refused(tree))) {
            let why = why.or_else(|| has_references(module, function).then(|| "references as values".to_owned()));
            match why {
                Some(why) if self.options.throw_missing => drop(self.missing.insert(function, why)),
                Some(why) => return Err(Refusal::new(format!("function {function} uses {why}"))),
                None => {}
            }
        }
        if self.options.throw_missing {
            return Ok(());
        }
        let externals = module.tables.iter().any(|table| !table.element_type.is_func_ref());
        let kept = module.globals.iter().any(|global| matches!(global.content_type, ValType::Ref(_)));
        let carried = (0..module.imported_functions as u32).any(|function| has_references(module, function));
        if externals || kept || carried {
            return Err(Refusal::new("references as values"));
        }
        Ok(())
    }

    /// The core's functions that the runtime has of its own. One that isn't there as it is expected, inlined or with other parameters, is refused: slow is a defect too.
    fn find_native(&mut self) -> Result<(), Refusal> {
        for (name, class, method, parameters, gives) in NATIVE.into_iter().filter(|_| self.options.core) {
            let found: Vec<u32> = (0..self.module.functions.len() as u32).filter(|function| self.names[*function as usize].full == name).collect();
            let function = match found[..] {
                [function] => function,
                // The compiler's own may be put into its callers, or not be needed.
                [] if !name.contains("::") => continue,
                _ => return Err(Refusal::new(format!("it should have {name} once"))),
            };
            let ty = self.module.type_of(function);
            if ty.params() != &[ValType::I32].repeat(parameters)[..] || ty.results() != &[ValType::I32].repeat(gives.into())[..] {
                let back = if gives { "a number" } else { "nothing" };
                return Err(Refusal::new(format!("{name} should take {parameters} addresses and lengths, and give {back} back")));
            }
            self.native.insert(function);
            let named = &mut self.names[function as usize];
            (named.class, named.method) = (class.to_owned(), method.to_owned());
        }
        Ok(())
    }

    fn find_stack_pointer(&self) -> Option<u32> {
        let module = self.module;
        let is_candidate = |global: u32| {
            let at = global as usize;
            module.globals[at].mutable
                && module.globals[at].content_type == ValType::I32
                && at >= module.imported_globals
                && !module.exports.iter().any(|(_, kind, index)| *kind == ExternalKind::Global && *index == global)
        };
        let mut candidates = (0..module.globals.len() as u32).filter(|global| is_candidate(*global));
        let first = candidates.next()?;
        let functions = (0..module.functions.len() as u32).filter_map(|function| Some((function, self.tree(function)?)));
        let mut functions = functions.map(|(function, tree)| stack_pointer::is_given_back(module, function, tree, first));
        (candidates.next().is_none() && module.start.is_none() && functions.all(|given_back| given_back)).then_some(first)
    }

    /// Everyone who touches the stack pointer, and everyone who calls one of them.
    fn find_stack_users(&self) -> BTreeSet<u32> {
        let Some(pointer) = self.stack_pointer else { return BTreeSet::new() };
        let mut users = BTreeSet::new();
        let mut callers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut open = Vec::new();
        for function in 0..self.module.functions.len() as u32 {
            let Some(tree) = self.tree(function) else { continue };
            let mut uses = false;
            tree::each(tree, &mut |operator| match operator {
                Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => uses |= *global_index == pointer,
                Operator::CallIndirect { .. } => uses = true,
                Operator::Call { function_index } => callers.entry(*function_index).or_default().push(function),
                _ => {}
            });
            if uses && users.insert(function) {
                open.push(function);
            }
        }
        while let Some(function) = open.pop() {
            for caller in callers.get(&function).into_iter().flatten() {
                if users.insert(*caller) {
                    open.push(*caller);
                }
            }
        }
        users
    }

    /// Whether there is state beside memory and stack pointer that can change, or come from elsewhere.
    fn has_other_state(&self) -> bool {
        let module = self.module;
        let imports = module.imports.iter().any(|import| !(self.options.throw_missing && matches!(import.2, TypeRef::Func(_))));
        let globals = (0..).zip(&module.globals).any(|(index, global)| global.mutable && Some(index) != self.stack_pointer);
        let exports = module.exports.iter().any(|(_, kind, _)| matches!(kind, ExternalKind::Table | ExternalKind::Global));
        let tables = module.tables.len() > 1 && !self.options.throw_missing;
        let items = |start: &Start| matches!(start, Start::Function(_));
        let elements =
            module.elements.iter().any(|e| !matches!(e.place, Place::At(0, Start::I32(_))) && e.place != Place::Declared || !e.items.iter().all(items));
        let data = module.data.iter().any(|data| !matches!(data.place, Place::At(0, Start::I32(_))));
        // A segment that doesn't fit traps when the module starts; only a linkable translation starts one.
        let room = module.tables.first().map_or(0, |table| table.initial);
        let bytes = module.memory.as_ref().map_or(0, |memory| memory.initial << 16);
        let elements = elements || module.elements.iter().any(|e| !is_within(e.place, e.items.len(), room));
        let data = data || module.data.iter().any(|data| !is_within(data.place, data.bytes.len(), bytes));
        let mut changes = false;
        for function in 0..module.functions.len() as u32 {
            if let Some(tree) = self.tree(function) {
                tree::each(tree, &mut |operator| {
                    changes |= matches!(
                        operator,
                        Operator::TableInit { .. }
                            | Operator::TableCopy { .. }
                            | Operator::ElemDrop { .. }
                            | Operator::MemoryInit { .. }
                            | Operator::DataDrop { .. }
                    );
                });
            }
        }
        imports || globals || exports || tables || elements || data || changes
    }
}

/// Whether a segment fits where it goes.
fn is_within(place: Place, length: usize, room: u64) -> bool {
    match place {
        Place::At(_, Start::I32(offset)) => u64::from(offset as u32) + length as u64 <= room,
        _ => true,
    }
}

/// The first instruction that isn't translated, by its name.
fn refused(tree: &[Node<'_>]) -> Option<String> {
    let mut found = None;
    tree::each(tree, &mut |operator| {
        let is_reference = matches!(
            operator,
            Operator::RefNull { .. }
                | Operator::RefIsNull
                | Operator::RefFunc { .. }
                | Operator::TableGet { .. }
                | Operator::TableSet { .. }
                | Operator::TableGrow { .. }
                | Operator::TableSize { .. }
                | Operator::TableFill { .. }
                | Operator::TypedSelect { ty: ValType::Ref(_) }
        );
        if is_reference && found.is_none() {
            found = Some("references as values".to_owned());
        }
    });
    found
}

/// Whether a function takes, gives or keeps references.
fn has_references(module: &Module<'_>, function: u32) -> bool {
    let ty = module.type_of(function);
    let locals = (function as usize).checked_sub(module.imported_functions).map_or(&[][..], |at| &module.bodies[at].locals);
    ty.params().iter().chain(ty.results()).chain(locals).any(|ty| matches!(ty, ValType::Ref(_)))
}
