"""What the public sees of the dossiers."""
