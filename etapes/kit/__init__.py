"""PDF files to print for an étape: poster, programme, sign-in sheet, badges, the fiches presented. Tagged PDF."""
