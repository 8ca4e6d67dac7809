"""The steps of a move, as commands take them: they read and render first, and write in between.

Each may be interrupted anywhere and taken again: what was done stays, what was not is done.
"""
