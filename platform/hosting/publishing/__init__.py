"""Publishing: a site's public face is a tree of static files, and this package owns that tree.

It knows pages by their keys only. Who renders a key stands above, in the areas' page families;
who looks at the tree (gateway, embedded server, verifier) finds one layout, one set of media types
and one set of response headers here.
"""
