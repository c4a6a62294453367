//! What the server writes to the webservices log is what the tracer reads back; seeds of the fuzz targets.

mod seeds;
mod webservices;
