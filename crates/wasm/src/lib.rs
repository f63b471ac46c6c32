//! Bindings of the engine's client machine for the browser.
