"""Written answers marked by hand: all of a unit on one page, a box for each criterion, totals in nbgrader's gradebook."""
