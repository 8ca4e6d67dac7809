"""Walking through all that people and readers of a proving ground can be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from lxml.html import HtmlElement, document_fromstring
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from parts.canary_ground import Ground, Nest
from parts.people import Browser

SOUGHT = "CANARY"
"""What everybody's texts have; an answer may repeat it, it is nobody's."""

# Lists can be sorted and narrowed in thousands of ways, which are one page of code each.
_OF_ONE_SHAPE = 4
Answer = tuple[str, TestResponse]


def crawled(browser: Browser, most: int, *first: str) -> Iterator[Answer]:
    """(address, answer) of all that one finds by links and by forms that only ask."""
    waiting, known = list(first), set(first)
    shapes: Counter[tuple[str, ...]] = Counter()
    asked = 0
    while waiting and asked < most:
        address = waiting.pop(0)
        answer = browser.get(address)
        asked += 1
        yield address, answer
        for found in _leads(address, answer):
            shape = _shape(found)
            if found not in known and shapes[shape] < _OF_ONE_SHAPE:
                known.add(found)
                shapes[shape] += 1
                waiting.append(found)


def _shape(address: str) -> tuple[str, ...]:
    """The path, and by what it is narrowed."""
    parts = urlsplit(address)
    return (parts.path, *sorted(name for name, value in parse_qsl(parts.query) if value))


def _leads(address: str, answer: TestResponse) -> Iterator[str]:
    if location := answer.headers.get("Location"):
        yield from _own(address, location)
    if answer.mimetype != "text/html" or not answer.data.strip():
        return
    page = document_fromstring(answer.data)
    for attribute in ("href", "src", "hx-get", "data-address"):
        for found in page.xpath(f"//@{attribute}"):
            yield from _own(address, str(found))
    for form in page.xpath("//form[not(@method) or translate(@method, 'GET', 'get')='get']"):
        for asked in _asked(form):
            yield from _own(address, f"{form.get('action') or urlsplit(address).path}?{asked}")


def _own(address: str, link: str) -> Iterator[str]:
    """The link as a path of the same host; none where it leads elsewhere or to static files."""
    parts = urlsplit(urljoin(f"http://here{address}", link))
    if parts.netloc == "here" and parts.scheme == "http":
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if not path.startswith("/static/"):
            yield path


def _asked(form: HtmlElement) -> Iterator[str]:
    """Queries of a form: with words in each box, then with each choice of each list."""
    plain = {
        str(box.get("name")): SOUGHT if box.get("type", "text") in ("text", "search") else ""
        for box in form.xpath(".//input[@name]")
        if box.get("type") not in ("submit", "checkbox", "radio", "hidden")
    }
    yield urlencode(plain)
    for choices in form.xpath(".//select[@name]"):
        for choice in choices.xpath(".//option/@value")[:40]:
            yield urlencode({str(choices.get("name")): str(choice)})


def filled(rule: Rule, code: str, nest: Nest, *, most: int) -> Iterator[str]:
    """A route's addresses with this tenant code and things of this tenant."""
    values = [_values(name, code, nest)[:most] for name in sorted(rule.arguments)]
    for chosen in product(*values):
        given = dict(zip(sorted(rule.arguments), chosen, strict=True))
        yield _address(rule, given)


def _address(rule: Rule, given: dict[str, str]) -> str:
    path = ""
    for part in rule.rule.split("<"):
        named, closed, rest = part.partition(">")
        path += quote(given[named.rpartition(":")[2]]) + rest if closed else part
    return path


def _values(name: str, code: str, nest: Nest) -> Sequence[str]:
    if name in nest.ids:
        return [str(each) for each in nest.ids[name]]
    if name in ("digest", "name"):
        return [each[name == "name"][: 32 if name == "digest" else None] for each in nest.media]
    return {"code": [code], "host": nest.hosts, "bundle": ["x"]}.get(name, ["x"])


def routes_of(ground: Ground, method: str, within: str) -> list[Rule]:
    """The console's rules under a path that take a method."""
    found = ground.hall.app.url_map.iter_rules()
    return [each for each in found if method in (each.methods or ()) and within in each.rule]


def readers(ground: Ground) -> Callable[..., TestResponse]:
    """Ask any host through the host switch, as readers do."""
    client = Client(ground.switch, use_cookies=False)

    def ask(host: str, path: str, **more: object) -> TestResponse:
        headers = {"Host": host, **more.pop("headers", {})}  # type: ignore[dict-item]
        return client.open(path, headers=headers, buffered=True, **more)  # type: ignore[arg-type]

    return ask
