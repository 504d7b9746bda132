"""What is printed or shared as a picture: PDF of a fiche, booklet, social card."""
