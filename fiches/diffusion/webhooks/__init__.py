"""Webhooks: a subscriber receives a message for each page that is published, changed or withdrawn, with its API contents.

``change_detection`` compares the pages that a subscriber knows with what is public now, and creates the messages; ``delivery`` sends
them, over `fiches.safe_http`, which refuses private addresses; ``webhook_actions`` holds the staff's actions.
"""
