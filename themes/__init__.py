"""How a site looks: the contract, the renderer, the registry and the themes themselves."""
