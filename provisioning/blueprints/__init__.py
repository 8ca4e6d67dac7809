"""Blueprints: what each kind of site is made of on the day it opens."""
