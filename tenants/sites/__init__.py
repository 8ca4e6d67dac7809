"""The column tree of a site, subsites included."""
