//! Our CTI server: accepts clients, feeds the acd, sends what it says.
