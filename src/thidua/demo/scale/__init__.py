"""Made-up records in the numbers of a union, a province or the nation, written in bulk.

For measuring and for looking at pages full of content. Everything follows from the seed and the day;
everything passes the checks live records pass (`checks`, `tally verify`, `ledger verify`).
"""
