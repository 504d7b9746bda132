"""Shared parts of the public forms: throttle, honeypot, privacy notice, private addresses, widgets."""
