//! The desk from outside: dialogues with a scripted CTI server at hand-driven time, recorded bytes,
//! and arbitrary conversations.

#[cfg(test)]
mod agents;
#[cfg(test)]
mod call_prop;
#[cfg(test)]
mod call_requests;
#[cfg(test)]
mod call_rights;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod login;
#[cfg(test)]
mod merged;
#[cfg(test)]
mod presence;
#[cfg(test)]
mod prop;
#[cfg(test)]
mod queues;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod session;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod wire;
