//! Reads a WebAssembly module into the few tables that the translation needs; the Bytecode Alliance's reader validates it first.

use crate::Refusal;
use std::collections::BTreeMap;
use wasmparser::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FuncType, GlobalType, Imports, MemoryType, Name, Operator, Parser, Payload, TableType,
    TypeRef, Validator, WasmFeatures,
};

/// What rustc's wasm32-unknown-unknown may use, and floats: everything else is refused by the validator, by its name.
const FEATURES: WasmFeatures = WasmFeatures::WASM1
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::MULTI_VALUE);

/// A module, read and valid.
#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<FuncType>,
    pub(crate) imports: Vec<(&'a str, &'a str, TypeRef)>,
    /// The type of every function, imported ones first.
    pub(crate) functions: Vec<u32>,
    pub(crate) imported_functions: usize,
    pub(crate) tables: Vec<TableType>,
    pub(crate) imported_tables: usize,
    pub(crate) memory: Option<MemoryType>,
    pub(crate) memory_is_imported: bool,
    pub(crate) globals: Vec<GlobalType>,
    /// The first value of every global that isn't imported.
    pub(crate) globals_start: Vec<Start>,
    pub(crate) imported_globals: usize,
    pub(crate) exports: Vec<(&'a str, ExternalKind, u32)>,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<Elements>,
    pub(crate) data: Vec<Data<'a>>,
    /// Locals (parameters left out) and operators, one for every function that isn't imported.
    pub(crate) bodies: Vec<Body<'a>>,
    pub(crate) names: BTreeMap<u32, &'a str>,
}

/// A function's own locals and its operators.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    pub(crate) locals: Vec<wasmparser::ValType>,
    pub(crate) operators: Vec<Operator<'a>>,
}

/// A constant that a global, an offset or an element starts with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Start {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    Global(u32),
    Function(u32),
    Null,
}

/// Where a segment goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// Into a table or memory when the module starts.
    At(u32, Start),
    /// Only when an instruction asks.
    Passive,
    /// Nowhere: it only declares that references may be taken.
    Declared,
}

#[derive(Debug)]
pub(crate) struct Elements {
    pub(crate) place: Place,
    pub(crate) items: Vec<Start>,
}

#[derive(Debug)]
pub(crate) struct Data<'a> {
    pub(crate) place: Place,
    pub(crate) bytes: &'a [u8],
}

impl<'a> Module<'a> {
    pub(crate) fn read(wasm: &'a [u8]) -> Result<Self, Refusal> {
        Validator::new_with_features(FEATURES).validate_all(wasm)?;
        let mut module = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload?)?;
        }
        Ok(module)
    }

    /// The type of a function.
    pub(crate) fn type_of(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<(), Refusal> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        self.types.push(ty.unwrap_func().clone());
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section {
                    match import? {
                        Imports::Single(_, import) => self.import(import)?,
                        Imports::Compact1 { .. } | Imports::Compact2 { .. } => return Err(Refusal::new("compact imports")),
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memory = Some(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    self.globals.push(global.ty);
                    self.globals_start.push(start(&global.init_expr)?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.exports.push((export.name, export.kind, export.index));
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    self.elements.push(elements(element?)?);
                }
            }
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    let place = match data.kind {
                        DataKind::Passive => Place::Passive,
                        DataKind::Active { memory_index, offset_expr } => Place::At(memory_index, start(&offset_expr)?),
                    };
                    self.data.push(Data { place, bytes: data.data });
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut locals = Vec::new();
                for group in body.get_locals_reader()? {
                    let (count, ty) = group?;
                    // The validator allows 50,000 at most.
                    locals.extend(std::iter::repeat_n(ty, count as usize));
                }
                let operators = body.get_operators_reader()?.into_iter().collect::<Result<_, _>>()?;
                self.bodies.push(Body { locals, operators });
            }
            Payload::CustomSection(custom) => {
                if let wasmparser::KnownCustom::Name(section) = custom.as_known() {
                    self.read_names(section);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Names are a courtesy: an unreadable section costs only the names.
    fn read_names(&mut self, section: wasmparser::NameSectionReader<'a>) {
        for names in section {
            if let Ok(Name::Function(names)) = names {
                self.names.extend(names.into_iter().flatten().map(|naming| (naming.index, naming.name)));
            }
        }
    }

    fn import(&mut self, import: wasmparser::Import<'a>) -> Result<(), Refusal> {
        match import.ty {
            TypeRef::Func(ty) => {
                self.functions.push(ty);
                self.imported_functions += 1;
            }
            TypeRef::Table(table) => {
                self.tables.push(table);
                self.imported_tables += 1;
            }
            TypeRef::Memory(memory) => {
                self.memory = Some(memory);
                self.memory_is_imported = true;
            }
            TypeRef::Global(global) => {
                self.globals.push(global);
                self.imported_globals += 1;
            }
            TypeRef::Tag(_) | TypeRef::FuncExact(_) => return Err(Refusal::new("an import of an exception or an exact function")),
        }
        self.imports.push((import.module, import.name, import.ty));
        Ok(())
    }
}

fn elements(element: wasmparser::Element<'_>) -> Result<Elements, Refusal> {
    let place = match element.kind {
        ElementKind::Passive => Place::Passive,
        ElementKind::Declared => Place::Declared,
        ElementKind::Active { table_index, offset_expr } => Place::At(table_index.unwrap_or(0), start(&offset_expr)?),
    };
    let mut items = Vec::new();
    match element.items {
        ElementItems::Functions(functions) => {
            for function in functions {
                items.push(Start::Function(function?));
            }
        }
        ElementItems::Expressions(_, expressions) => {
            for expression in expressions {
                items.push(start(&expression?)?);
            }
        }
    }
    Ok(Elements { place, items })
}

fn start(expression: &ConstExpr<'_>) -> Result<Start, Refusal> {
    let mut operators = expression.get_operators_reader();
    let found = match operators.read()? {
        Operator::I32Const { value } => Start::I32(value),
        Operator::I64Const { value } => Start::I64(value),
        Operator::F32Const { value } => Start::F32(value.bits()),
        Operator::F64Const { value } => Start::F64(value.bits()),
        Operator::GlobalGet { global_index } => Start::Global(global_index),
        Operator::RefFunc { function_index } => Start::Function(function_index),
        Operator::RefNull { .. } => Start::Null,
        other => return Err(Refusal::new(format!("a constant made with {other:?}"))),
    };
    match operators.read()? {
        Operator::End => Ok(found),
        other => Err(Refusal::new(format!("a constant made with {other:?}"))),
    }
}
