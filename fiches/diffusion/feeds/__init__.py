"""Feeds (Atom, JSON Feed) and the site map."""
