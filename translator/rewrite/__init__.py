"""Writing the target's code: every decision was made on the original tree, here it is carried out."""
