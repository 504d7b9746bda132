"""Webhooks: a subscriber receives a message for each page that is published, changed or withdrawn, with its API contents.

``suivi`` compares the pages that a subscriber knows with what is public now, and creates the messages; ``livraison`` sends them,
over `fiches.safe_http`, which refuses private addresses; ``gestion`` holds the staff's actions.
"""
