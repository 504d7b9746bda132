"""Views of the jury, outside the admin, and of the staff, in the admin."""
