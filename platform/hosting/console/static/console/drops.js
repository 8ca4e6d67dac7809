// Menus that drop down close when one turns to something else.

const OPEN = "details.drop[open]";

function closeOthers(kept) {
  for (const drop of document.querySelectorAll(OPEN)) {
    if (!drop.contains(kept)) drop.open = false;
  }
}

function closeByEscape(event) {
  if (event.key !== "Escape") return;
  const drop = event.target.closest?.(OPEN);
  if (!drop) return;
  drop.open = false;
  drop.querySelector("summary").focus();
}

export function watchDrops() {
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", closeByEscape);
}
