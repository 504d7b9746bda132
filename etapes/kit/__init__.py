"""What an étape is held with, on paper: poster, programme, sign-in sheet, badges, the fiches presented, in one tagged PDF."""
