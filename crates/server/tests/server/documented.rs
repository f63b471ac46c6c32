//! Every example in `docs/protocol.md` is what it says it is.
