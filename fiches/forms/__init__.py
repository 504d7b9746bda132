"""Shared parts of the public forms: throttle, honeypot, proof of work, privacy notice, private addresses, widgets."""
