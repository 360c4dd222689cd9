"""How alike two texts are: pure functions over words, no database."""
