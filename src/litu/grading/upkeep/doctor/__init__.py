"""`litu doctor`: what is wrong with the place where a class is graded, each fault with the line that mends it."""
