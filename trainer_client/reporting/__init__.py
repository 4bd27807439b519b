"""What a run looked like: curves on one sheet, and a page that needs no server."""
