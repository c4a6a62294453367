//! HTTP: listeners, TLS, the access log, the pages of the desktop.
