//! What people did, told: a table of changes of a dashboard and the sentences they give, and the rules
//! by which changes become one entry.

mod cases;
mod sentences;
mod together;
mod world;
