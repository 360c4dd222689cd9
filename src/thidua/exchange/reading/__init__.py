"""Rows out of .xlsx, .xls and .csv files that people made; hostile ones are refused with one line."""
