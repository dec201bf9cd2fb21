"""What a class did in one unit: a page and tables for whoever teaches it."""
