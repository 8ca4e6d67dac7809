"""Where old sites are read from. Each form of source is one module behind `source.Source`."""
