"""Proof by running: records, scripts and models of the two frameworks, each in a process of its own."""
