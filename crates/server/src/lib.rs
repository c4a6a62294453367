//! All that touches a socket, a file, a clock or a database.
