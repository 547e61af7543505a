"""What has no counterpart on the other side, by subject: the reason, and what to do instead."""
