"""The plan reader: a paper in the usual administrative layout → a structure for a person to confirm.

What cannot be read is a warning, never a guess; every value carries the line it came from.
"""

from thidua.programmes.reader.files import Unreadable, read_file
from thidua.programmes.reader.reading import ReadPlan, read_text, understood

__all__ = ["ReadPlan", "Unreadable", "read_file", "read_text", "understood"]
