"""What runs in the workers: one script in float64, with starting weights and random draws that both sides share."""
