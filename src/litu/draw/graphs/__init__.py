"""Boxes and arrows: graphs as data, columns of boxes, chains and argument maps."""
