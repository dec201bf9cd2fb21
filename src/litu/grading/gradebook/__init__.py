"""nbgrader's database: what grading writes into it and reads from it."""
