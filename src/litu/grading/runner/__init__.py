"""One grading run: every submission of a unit marked here or on a cluster, entered, and reported."""
