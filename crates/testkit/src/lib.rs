//! Generators, a naive model and fixtures for tests, fuzzing and simulation.
