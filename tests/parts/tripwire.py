"""What tells that a page did something it was not written to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, Route

# Before any script of the page: whatever payloads call notes that it was called.
_LAID = """
window.tripped = [];
window.refusedByPolicy = [];
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = (...said) => { (top.tripped || tripped).push(name + "(" + said + ")"); };
document.addEventListener("securitypolicyviolation", (event) =>
  refusedByPolicy.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""
# What a reader's hand and time would set off, and what is left in the page for them to. Forms let
# their boxes hide properties of theirs, so those of the interfaces are asked.
_TOUCHED = """
() => {
  document.addEventListener("click", (event) => event.preventDefault(), true);
  document.addEventListener("submit", (event) => event.preventDefault(), true);
  const closest = (element, wanted) => Element.prototype.closest.call(element, wanted);
  const leads = /^(href|src|action|formaction|xlink:href|data|poster|srcdoc|values|from|to)$/;
  const found = [];
  const events = ["click", "mouseover", "pointerenter", "focus", "blur", "error", "load", "toggle",
    "animationstart", "animationend", "transitionend", "wheel", "scroll", "beforetoggle", "cut"];
  for (const element of document.querySelectorAll("*")) {
    if (closest(element, ".tox")) continue;
    for (const name of Element.prototype.getAttributeNames.call(element)) {
      const said = Element.prototype.getAttribute.call(element, name)
        .replace(/[\\u0000-\\u0020]/g, "").toLowerCase();
      if (name.startsWith("on")) found.push(element.localName + " " + name);
      if (leads.test(name) && /^(javascript|vbscript|data:text)/.test(said))
        found.push(element.localName + " " + said);
    }
    if (!closest(element, "form, button, nav, [hx-get], [data-rich-text]"))
      for (const name of events)
        EventTarget.prototype.dispatchEvent.call(element, new Event(name));
  }
  return found.concat(window.tripped);
}
"""


@dataclass
class Tripwire:
    """A page that is watched."""

    page: Page
    own: str
    heeds_policy: bool = True
    foreign: list[str] = field(default_factory=list)

    def lay(self) -> None:
        """Watch the page from now on."""
        self.page.add_init_script(_LAID)
        self.page.on("dialog", lambda dialog: self.foreign.append(f"dialog {dialog.message}"))
        self.page.on("popup", lambda popup: self.foreign.append(f"popup {popup.url}"))
        self.page.route("**/*", self._route)

    def look(self, address: str) -> list[str]:
        """Open an address, touch everything, and tell what should not have been."""
        self.foreign.clear()
        self.page.goto(address)
        arrived = self.page.url
        found = list(self.page.evaluate(_TOUCHED))
        if self.page.url != arrived:
            found.append(f"went to {self.page.url}")
        if self.heeds_policy:
            found += self.page.evaluate("window.refusedByPolicy")
        return found + self.foreign

    def _route(self, route: Route, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if not host.endswith(self.own):
            self.foreign.append(f"asked for {request.url[:80]}")
            route.abort()
        else:
            route.continue_()
