//! Bindings only: the one door for every host, typed objects and the mounting of a page for JavaScript.
//!
//! | door | for whom | what crosses |
//! | --- | --- | --- |
//! | [`raw`] | PHP, and any host without our glue | two byte strings in, two out, by address |
//! | [`text`] | JavaScript that has bytes (a webhook's body) | two `Uint8Array`s in, two out |
//! | [`typed`] | JavaScript that has objects | an object and bytes in, an object and bytes out; refusals are thrown |
//! | [`direct`] | JavaScript in a hurry | texts and bytes in, a picture or a yes out |
//! | [`notices`] | a server that receives many notices | a channel once, then each notice in and an object out |
//! | [`figures`] | a merchant's browser | cases in, slice by slice; their figures out, drawn |
//! | [`mount`] | the browser | a rendered page put into an element |
//!
//! All are over the same `calls`; nothing is decided here.

pub mod direct;
pub mod figures;
pub mod mount;
pub mod notices;
pub mod raw;
pub mod text;
pub mod typed;
