//! What the server writes to the webservices log is what the tracer reads back.

mod webservices;
