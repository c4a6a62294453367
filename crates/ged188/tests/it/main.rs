//! The wire against vectors, the guides' tables and arbitrary bytes.

#[cfg(test)]
mod capture;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod fuzzing;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod vectors;
