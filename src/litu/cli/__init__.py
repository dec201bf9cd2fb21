"""The `litu` command."""
