"""Benchmarks: speed, memory and fidelity, each beside something measured in the same run."""
