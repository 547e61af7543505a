"""Carrying weights: a model's state as a plain tree, the pairing of two trees, and the transfer."""
