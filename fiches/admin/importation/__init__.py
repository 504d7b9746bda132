"""Import of fiches from a spreadsheet, as drafts, and export in the same columns.

`reader` reads the file; `columns` defines the columns; `run` holds the tasks (dry run, create, undo); `pictures` fetches pictures;
`fiche_export` exports; `views` holds the views.
"""
