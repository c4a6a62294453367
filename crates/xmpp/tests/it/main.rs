//! The XMPP machines, tested by raw values.

#[cfg(test)]
mod bosh;
#[cfg(test)]
mod oracle;
mod parser;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod sasl;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod stream;
