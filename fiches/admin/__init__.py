"""The admin of fiches: lists, forms, bulk actions, dashboard, comparison, import and export."""
