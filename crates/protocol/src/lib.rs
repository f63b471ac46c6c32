//! What crosses the wire: identifiers, messages, codec, error codes, limits.
