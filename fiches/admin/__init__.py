"""The editor's day: what the admin adds for those who write, read and decide."""
