"""Open data: CSV, GeoJSON, and the description of the data set."""
