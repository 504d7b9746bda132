"""Feeds (Atom, JSON Feed) and the XML sitemap."""
