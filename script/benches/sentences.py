"""The sentences of the national data set, for the protocol of likeness."""

from thidua.demo.scale.sentences import all_cores, of_folder, of_texts, without_likes, written_here

__all__ = ["all_cores", "of_folder", "of_texts", "without_likes", "written_here"]
