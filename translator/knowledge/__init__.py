"""What the two frameworks have in common, written once, as data; nothing here imports either of them."""
