"""Webhooks: a subscriber is told of each page that appears, changes or goes, as the API shows it and nothing more.

``suivi`` compares what a subscriber was told with what is public now; ``livraison`` is the queue; `fiches.connexion` reaches
the subscriber and nobody else; ``gestion`` holds what staff do.
"""
