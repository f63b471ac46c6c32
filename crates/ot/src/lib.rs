//! The algebra of Coboard: documents of identified items, operations on them, and their laws.
