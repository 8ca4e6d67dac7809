"""The gateway: nginx in front of the public tree and the applications."""
