"""Import of fiches from a spreadsheet, as drafts, and export in the same columns.

`encodings`, `xlsx_reader` and `table_reader` read the file; `import_columns` defines the columns, `text_cells` those of the text;
`row_validation` validates rows; `import_corrections` mends them; `import_pictures` fetches pictures; `import_tasks` holds the
background tasks (check, create, undo); `fiche_export` exports; `import_views` holds the views.
"""
