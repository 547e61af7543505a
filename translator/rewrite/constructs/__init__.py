"""What has structure: classes, training steps, `fit`. Each file recognises one thing and writes it on the other side."""
