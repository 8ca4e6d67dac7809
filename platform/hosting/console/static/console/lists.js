// Lists keep their place: the way back leads to the page, order and filters one left.

const PREFIX = "list:";

function keepPlace() {
  if (document.getElementById("list")) sessionStorage.setItem(PREFIX + location.pathname, location.search);
}

function restoreLinks() {
  for (const link of document.querySelectorAll(".crumbs a, a[data-back]")) {
    const kept = sessionStorage.getItem(PREFIX + link.pathname);
    if (kept && !link.search) link.search = kept;
  }
}

// When a session has ended the answer is another page: go there, rather than show a piece of it.
function followElsewhere(event) {
  const { xhr, requestConfig } = event.detail;
  if (!xhr.responseURL) return;
  const asked = new URL(requestConfig.path, location.href).pathname;
  if (new URL(xhr.responseURL).pathname === asked) return;
  event.detail.shouldSwap = false;
  location.assign(xhr.responseURL);
}

function showTop(event) {
  const cause = event.detail.requestConfig?.elt;
  const list = document.getElementById("list");
  if (!list || !cause?.closest("[data-to-list]")) return;
  list.tabIndex = -1;
  list.focus({ preventScroll: true });
  list.scrollIntoView({ block: "start" });
}

function tellFailure() {
  const messages = document.getElementById("messages");
  messages?.replaceChildren(document.getElementById("message-failed").content.cloneNode(true));
}

export function watchLists() {
  keepPlace();
  restoreLinks();
  document.addEventListener("htmx:pushedIntoHistory", keepPlace);
  document.addEventListener("htmx:beforeSwap", followElsewhere);
  document.addEventListener("htmx:afterSwap", showTop);
  document.addEventListener("htmx:responseError", tellFailure);
  document.addEventListener("htmx:sendError", tellFailure);
}
