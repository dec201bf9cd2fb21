"""The kinds of answers, one module each, and the forms in which a plain kind can be read.

A module of this package, or of :mod:`litu.kinds.forms`, that holds a tuple
``KINDS`` adds its kinds; nothing else has to be told (see :mod:`litu.kinds.registry`).
"""
