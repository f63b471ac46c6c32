//! Native client: the engine's client machine on tokio.
