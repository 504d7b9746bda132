"""Mails: the outbox, their wordings, and what mail subscriptions share."""
