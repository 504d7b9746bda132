"""Periodic work, retention, erasure of personal data."""
