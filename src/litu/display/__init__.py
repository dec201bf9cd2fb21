"""How charts and tables look and are shown in a notebook."""
