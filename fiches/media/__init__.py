"""Images and documents: validation and cleaning of uploads, and who may see them."""
