"""Locations: the gazetteer of communes, the form field of a commune, geocoding, the map widget of the admin."""
