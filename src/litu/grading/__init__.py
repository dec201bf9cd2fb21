"""Grades a class: what was handed in is repaired, run in a sandbox, judged outside it and written into the gradebook."""
