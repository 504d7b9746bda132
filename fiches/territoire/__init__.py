"""Where things are: the gazetteer, the placing of fiches and étapes, the map's widget."""
