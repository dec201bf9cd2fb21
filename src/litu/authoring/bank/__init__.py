"""The bank: every known right and wrong answer tried on the checks, and the checks themselves spoilt."""
