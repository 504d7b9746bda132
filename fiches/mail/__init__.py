"""The outbox, and the wordings of the mails."""
