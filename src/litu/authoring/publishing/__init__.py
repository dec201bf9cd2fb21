"""What is given out: the bundle for a class, plain web pages, links to Binder."""
