"""Records of modules, by concept."""
