"""An answer held against its key."""
