//! The machine from outside: what each message is answered with, and what holds whatever is sent.

#[cfg(test)]
mod calls_direct;
#[cfg(test)]
mod calls_floor;
#[cfg(test)]
mod calls_invariants;
#[cfg(test)]
mod calls_requests;
#[cfg(test)]
mod calls_routed;
#[cfg(test)]
mod calls_search;
#[cfg(test)]
mod calls_supervised;
#[cfg(test)]
mod calls_two;
#[cfg(test)]
mod calls_world;
#[cfg(test)]
mod canonical;
#[cfg(test)]
mod download;
#[cfg(test)]
mod erlang;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod hours;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod login;
#[cfg(test)]
mod mobile;
#[cfg(test)]
mod monitors;
#[cfg(test)]
mod previews;
mod previews_waiting;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod states;
#[cfg(test)]
mod states_table;
#[cfg(test)]
mod statistics;
#[cfg(test)]
mod teams;
