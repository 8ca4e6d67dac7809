"""The proof that nothing is left of what was withdrawn (撤稿回执), kept with the item for ever."""
