"""What has structure: classes, training steps, `fit`. A file recognises one thing and writes it on the other side."""
