"""Learning platforms: what Moodle and Canvas give out, and what they take back."""
