"""Errors that a user can act on."""


class LituError(Exception):
    """A mistake of the user's or a fault of a file, told in one sentence.

    The message names the file, the row or the cell, and says what was
    expected. The command line prints it without a traceback.
    """
