"""Records of losses, optimizers, gradients and loops."""
