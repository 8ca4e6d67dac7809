// The palette: Ctrl-K or Cmd-K opens it, arrows choose, Enter goes.

const dialog = document.getElementById("palette");
const query = document.getElementById("palette-query");
const list = document.getElementById("palette-list");

function lines() {
  return [...list.querySelectorAll("a[role=option]")];
}

function choose(line) {
  for (const other of lines()) other.setAttribute("aria-selected", String(other === line));
  if (line) {
    query.setAttribute("aria-activedescendant", line.id);
    line.scrollIntoView({ block: "nearest" });
  } else {
    query.removeAttribute("aria-activedescendant");
  }
}

function chosen() {
  return list.querySelector("[aria-selected=true]");
}

function step(by) {
  const all = lines();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function open(text = "") {
  if (dialog.open) return;
  dialog.showModal();
  query.value = text;
  query.focus();
  htmx.trigger(query, "palette-open");
}

function onKey(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    step(steps[event.key]);
  } else if (event.key === "Enter" && !event.isComposing && chosen()) {
    event.preventDefault();
    chosen().click();
  }
}

function onSwap() {
  lines().forEach((line, number) => (line.id = `palette-line-${number}`));
  choose(lines()[0]);
}

function watchFinder() {
  const finder = document.getElementById("finder");
  finder.addEventListener("click", () => open(finder.value));
  finder.addEventListener("input", (event) => {
    if (event.isComposing) return;
    open(finder.value);
    finder.value = "";
  });
}

export function watchPalette() {
  if (!dialog) return;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.shiftKey) {
      event.preventDefault();
      open();
    }
  });
  query.addEventListener("keydown", onKey);
  list.addEventListener("htmx:afterSwap", onSwap);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  watchFinder();
}
