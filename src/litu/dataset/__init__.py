"""The reference dataset: its tables and their checksums."""
