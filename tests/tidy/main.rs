//! Tidy checks over the sources: floors, clocks, floats, blunt words, first sentences, and hosts that decide.
//!
//! Each check is a function from sources to complaints, tried on a bad sample first: a test that can't fail is a defect.

mod bluntness;
mod first_sentences;
mod floors;
mod hosts;
mod sources;

/// Fails with every complaint on a line of its own.
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
