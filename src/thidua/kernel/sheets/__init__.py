"""What a table that people fill in Excel looks like, and what becomes of each of its lines.

Pure declarations: packages of every height describe their tables with them (`imports.py`), and
`thidua.exchange` reads the files, shows the preview and applies. Start with `importers.Importer`.
"""
