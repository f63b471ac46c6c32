//! Deterministic simulation of clients, rooms, storage and network from one seed.
