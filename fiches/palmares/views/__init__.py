"""The jury's screens, outside the admin, and the staff's, in it."""
