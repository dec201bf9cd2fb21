"""`python -m litu.cli` is the `litu` command."""

from litu.cli.app import main

main()
