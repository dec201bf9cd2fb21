"""What a notebook calls, and what a learner's computer remembers."""
