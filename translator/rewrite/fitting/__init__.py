"""Keras's `compile`, `fit` and `evaluate` as the loops that they hide, written in Keras before all else."""
