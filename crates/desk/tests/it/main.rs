//! The desk from outside: dialogues with a scripted CTI server at hand-driven time.

mod login;
mod scene;
