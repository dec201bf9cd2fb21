"""An answer as plain data: written down, read back, its verdict and the words about it. Knows no key, no chart, no notebook."""
