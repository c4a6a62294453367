//! REST and event documents to and from XML and JSON; ApiErrors.
