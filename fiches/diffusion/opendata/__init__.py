"""Open data: CSV, XLSX, GeoJSON, JSON, Markdown, and the description of the data set."""
