"""One plain sentence beside an error, and the next thing to do."""
