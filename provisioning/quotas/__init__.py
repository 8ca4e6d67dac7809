"""How much a tenant may keep; refused at the write, with a sentence."""
