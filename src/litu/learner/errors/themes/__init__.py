"""What there is to say, by theme; the registry asks these modules in its order."""
