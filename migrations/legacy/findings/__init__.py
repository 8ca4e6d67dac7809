"""What is wrong with an old site, said so that somebody can do something about it."""
