//! Clients and a room on virtual time, without a network: one behaviour per test, and random runs.

mod behaviour;
mod bounds;
mod conflicts;
mod desk;
mod discard;
mod diverged;
mod kept;
mod layout;
mod lineage;
mod missed;
mod offline;
mod order;
mod policies;
mod policy_grouping;
mod queue_fixups;
mod random;
mod replace;
mod resend;
mod restore;
mod schema;
mod schema_outside;
mod schema_parts;
mod undo;
mod undo_race;
mod upkeep;
mod world;
