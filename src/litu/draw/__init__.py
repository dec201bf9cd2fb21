"""Drawings that the lessons share: maps of tiles, lattices, chains, argument maps, timelines, lines and guesses.

Each function returns an Altair chart with a title and a description. Text and lines take the colour of the
page; colour is never the only signal.
"""

from litu.draw.graphs.argument_map import argument_map
from litu.draw.graphs.chain import chain
from litu.draw.guess import guess_beside
from litu.draw.lattice import lattice
from litu.draw.places import places
from litu.draw.reference import reference_line
from litu.draw.tile_map import tile_map
from litu.draw.timeline import timeline

__all__ = ["argument_map", "chain", "guess_beside", "lattice", "places", "reference_line", "tile_map", "timeline"]
