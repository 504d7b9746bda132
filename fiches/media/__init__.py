"""Images and documents: cleaned, limited, public or private."""
