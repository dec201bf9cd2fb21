"""`litu demo`: an invented class, handed in and graded."""
