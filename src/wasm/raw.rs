//! The raw door: four exports that a host without JavaScript glue calls, such as the PHP translation.
//!
//! ```text
//! json   = ef_alloc(json_length)              write the question there
//! bytes  = ef_alloc(bytes_length)             and what goes with it (a notice's raw body; may be empty)
//! answer = ef_call(json, json_length, bytes, bytes_length)      both inputs are taken over
//!          answer + 0   u32  where the answer's JSON is    + 4   u32  its length
//!          answer + 8   u32  where the answer's bytes are  + 12  u32  their length
//! ef_free(answer)                             frees the answer and both its parts
//! answer = ef_sandbox(…)                      like ef_call, of the providers' simulated side; where ef_call gave 0, that is who is asked
//! ```
//! The simulated side has a door of its own, so that a host may leave it out until a test shop asks: the PHP that serves live sales never loads it.
//! Numbers are little-endian, as everywhere in WebAssembly. After a trap the instance is to be thrown away.
//!
//! This is the one place with `unsafe`: addresses come from the host. The promise it relies on is the table above.
#![allow(unsafe_code)]

use crate::calls;

/// Where the answer's two parts are, laid out as the host reads it.
#[repr(C)]
#[derive(Debug)]
pub struct Answer {
    json: *mut u8,
    json_length: usize,
    bytes: *mut u8,
    bytes_length: usize,
}

/// Room for `length` bytes, zeroed; the host writes into it and gives it to [`ef_call`].
#[unsafe(no_mangle)]
pub extern "C" fn ef_alloc(length: usize) -> *mut u8 {
    leak(vec![0; length]).0
}

/// Answers one call; takes both inputs over, and the host gives the answer back to [`ef_free`]. Null where the call is one for [`ef_sandbox`].
///
/// # Safety
/// Each address with its length is one that [`ef_alloc`] gave and nothing else took.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ef_call(json: *mut u8, json_length: usize, bytes: *mut u8, bytes_length: usize) -> *mut Answer {
    // SAFETY: the caller's promise, handed on word for word.
    let (asked, with) = unsafe { (take(json, json_length), take(bytes, bytes_length)) };
    calls::call_of_a_shop(&asked, &with).map_or(core::ptr::null_mut(), given)
}

/// Answers one call of the providers' simulated side.
///
/// # Safety
/// As for [`ef_call`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ef_sandbox(json: *mut u8, json_length: usize, bytes: *mut u8, bytes_length: usize) -> *mut Answer {
    // SAFETY: the caller's promise, handed on word for word.
    let (asked, with) = unsafe { (take(json, json_length), take(bytes, bytes_length)) };
    given(calls::call_of_the_sandbox(&asked, &with))
}

/// Frees an answer and both its parts.
///
/// # Safety
/// `answer` is what [`ef_call`] returned, not freed before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ef_free(answer: *mut Answer) {
    // SAFETY: `ef_call` made all three, and by the caller's promise nobody freed them.
    unsafe {
        let answer = Box::from_raw(answer);
        drop(take(answer.json, answer.json_length));
        drop(take(answer.bytes, answer.bytes_length));
    }
}

/// Gives an answer to the host.
fn given((json, bytes): (Vec<u8>, Vec<u8>)) -> *mut Answer {
    let ((json, json_length), (bytes, bytes_length)) = (leak(json), leak(bytes));
    Box::into_raw(Box::new(Answer { json, json_length, bytes, bytes_length }))
}

/// Gives a string of bytes to the host: its address and length.
fn leak(bytes: Vec<u8>) -> (*mut u8, usize) {
    let length = bytes.len();
    (Box::into_raw(bytes.into_boxed_slice()).cast(), length)
}

/// Takes a string of bytes back.
unsafe fn take(at: *mut u8, length: usize) -> Box<[u8]> {
    // SAFETY: only `leak` gives addresses out, each with its length; callers promise to bring them back as they are.
    unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(at, length)) }
}
