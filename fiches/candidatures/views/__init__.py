"""Views of the dossiers and the tips: the public ones, and the staff's in `staff`."""
