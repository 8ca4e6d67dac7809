"""What the pages of a site have in common, learned by comparing them.

Pages of one template share a skeleton; what they all say is chrome (banner, menu, footer); what
remains is each page's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

# Share of two skeletons that agree: the same template with other content stays above it.
_ALIKE = 0.6
# A piece is chrome where at least three pages and this share of them say it; few pages have more in
# common by accident.
_CHROME_PAGES = 3
_CHROME_SHARE = 0.3
_FEW = 20
_CHROME_SHARE_OF_FEW = 0.6
_CONSTANT_SHARE = 0.9
# A skeleton of fewer paths says nothing.
_TELLING = 5


@dataclass
class Template:
    """Pages with one skeleton; `chrome` are the hashes of what they repeat.

    `constant` is what nearly all of them say: safe to take out of a text, where chrome might be a
    line that many texts happen to end with.
    """

    number: int
    shape: frozenset[int]
    addresses: list[str] = field(default_factory=list)
    chrome: frozenset[int] = frozenset()
    constant: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Templates:
    """Every page's template; a template's chrome includes what the whole site repeats."""

    of: Mapping[str, Template]

    def chrome_of(self, address: str) -> frozenset[int]:
        """Hashes of the texts and pictures that are not the page's own."""
        return self.of[address].chrome

    def constant_of(self, address: str) -> frozenset[int]:
        """Hashes of what nearly all pages of the template say."""
        return self.of[address].constant


def learn(shapes: Mapping[str, frozenset[int]], keys: Mapping[str, frozenset[int]]) -> Templates:
    """Group the pages by skeleton and find what each group, and the site, repeats."""
    templates = _group(_shared(shapes))
    everywhere = _repeated(list(keys.values()))
    for template in templates:
        pages = [keys[address] for address in template.addresses]
        template.chrome = everywhere | _repeated(pages)
        template.constant = _said_by(pages, max(_CHROME_PAGES, len(pages) * _CONSTANT_SHARE))
    return Templates({address: one for one in templates for address in one.addresses})


def _shared(shapes: Mapping[str, frozenset[int]]) -> dict[str, frozenset[int]]:
    """The skeletons without what only one or two pages have: their content, or made-up names."""
    counts = Counter(path for shape in shapes.values() for path in shape)
    common = {path for path, count in counts.items() if count >= _CHROME_PAGES}
    kept = {address: shape & common for address, shape in shapes.items()}
    return {a: shape if len(shape) >= _TELLING else shapes[a] for a, shape in kept.items()}


def _group(shapes: Mapping[str, frozenset[int]]) -> list[Template]:
    """Each page joins the template it is most like; a page like none founds one.

    The richest skeleton of a template stands for it, so that a first, empty page narrows nothing.
    """
    templates: list[Template] = []
    for address, shape in sorted(shapes.items(), key=lambda page: (-len(page[1]), page[0])):
        best = max(templates, key=lambda one: likeness(one.shape, shape), default=None)
        if best is None or likeness(best.shape, shape) < _ALIKE:
            best = Template(len(templates), shape)
            templates.append(best)
        best.addresses.append(address)
    return templates


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the smaller skeleton the other has, and how near their sizes are; 0 to 1."""
    if not one or not other:
        return 1.0 if one == other else 0.0
    return len(one & other) / len(one | other)


def _repeated(pages: list[frozenset[int]]) -> frozenset[int]:
    share = _CHROME_SHARE if len(pages) >= _FEW else _CHROME_SHARE_OF_FEW
    return _said_by(pages, max(_CHROME_PAGES, len(pages) * share))


def _said_by(pages: list[frozenset[int]], needed: float) -> frozenset[int]:
    counts = Counter(key for page in pages for key in page)
    return frozenset(key for key, count in counts.items() if count >= needed)
