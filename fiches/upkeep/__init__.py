"""Periodic work, retention, erasure of personal data, the recycle bin."""
