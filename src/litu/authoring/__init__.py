"""From an author's text to notebooks, keys and public checks; the leak check and the bank of right and wrong answers."""
