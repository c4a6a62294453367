//! The agent desktop as a pure machine: what CTI events tell of agents, dialogs, queues and teams.
