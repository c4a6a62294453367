//! Whole-system tests, each named after what a person does. They run the real binary, real sockets and real clients;
//! see `people/`.
