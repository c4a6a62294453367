//! The contact centre as a pure machine: sessions, agent states, skill groups, calls, routing.
