"""`make bench`: what a page, a publication and a worker cost with 1,000, 5,000 and 50,000 fiches."""
