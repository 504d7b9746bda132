"""Alerts without an account: an address follows a question, and is told of the fiches that come to answer it."""
