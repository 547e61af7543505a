"""What `verify` does inside a worker: a user's file, the model that it builds, and the runs of that model."""
