"""From the bytes of old pages to facts: what each page is, says, and belongs to.

Nothing here knows one site's class names: templates are learned by comparing a site's pages.
"""
