"""Feeds (Atom) and the XML sitemap."""
