"""E-mail alerts without an account: an address follows a query, and receives the new fiches that match it."""
