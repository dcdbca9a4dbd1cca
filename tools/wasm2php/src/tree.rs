//! A function's operators as a tree: blocks, loops and ifs hold what stands inside them.

use wasmparser::{BlockType, Operator};

/// One node of a function's body.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    /// An instruction without a body of its own.
    One(Operator<'a>),
    Block(BlockType, Vec<Node<'a>>),
    Loop(BlockType, Vec<Node<'a>>),
    If(BlockType, Vec<Node<'a>>, Vec<Node<'a>>),
}

/// Reads a whole body; the operators are a valid function's, its last `end` included.
pub(crate) fn tree<'a>(operators: &[Operator<'a>]) -> Vec<Node<'a>> {
    let mut at = operators.iter();
    nodes(&mut at).0
}

/// Reads up to the `end` or `else` of the present body; tells whether it was an `else`.
fn nodes<'a>(at: &mut std::slice::Iter<'_, Operator<'a>>) -> (Vec<Node<'a>>, bool) {
    let mut found = Vec::new();
    while let Some(operator) = at.next() {
        match operator {
            Operator::End => return (found, false),
            Operator::Else => return (found, true),
            Operator::Block { blockty } => found.push(Node::Block(*blockty, nodes(at).0)),
            Operator::Loop { blockty } => found.push(Node::Loop(*blockty, nodes(at).0)),
            Operator::If { blockty } => {
                let (then, has_else) = nodes(at);
                let other = if has_else { nodes(at).0 } else { Vec::new() };
                found.push(Node::If(*blockty, then, other));
            }
            other => found.push(Node::One(other.clone())),
        }
    }
    (found, false)
}

/// Visits every instruction without a body, at any depth.
pub(crate) fn each<'t, 'a>(nodes: &'t [Node<'a>], visit: &mut dyn FnMut(&'t Operator<'a>)) {
    for node in nodes {
        match node {
            Node::One(operator) => visit(operator),
            Node::Block(_, body) | Node::Loop(_, body) => each(body, visit),
            Node::If(_, then, other) => {
                each(then, visit);
                each(other, visit);
            }
        }
    }
}

/// How often the label around `nodes` is branched to.
pub(crate) fn branches_to(nodes: &[Node<'_>], depth: u32) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            Node::One(Operator::Br { relative_depth } | Operator::BrIf { relative_depth }) => usize::from(*relative_depth == depth),
            Node::One(Operator::BrTable { targets }) => {
                usize::from(targets.default() == depth) + targets.targets().flatten().filter(|target| *target == depth).count()
            }
            Node::One(_) => 0,
            Node::Block(_, body) | Node::Loop(_, body) => branches_to(body, depth + 1),
            Node::If(_, then, other) => branches_to(then, depth + 1) + branches_to(other, depth + 1),
        })
        .sum()
}
