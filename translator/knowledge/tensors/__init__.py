"""Records of operations on tensors, by concept."""
