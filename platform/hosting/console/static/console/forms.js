// Forms: nothing typed is lost by leaving, nothing is sent twice, what is wrong is read first.

const SEARCH_PAUSE_MS = 350;

let isLeaving = false;

function isChanged() {
  return document.querySelector("form[data-watch][data-changed]") !== null;
}

function warn(event) {
  if (isChanged() && !isLeaving) event.preventDefault();
}

function markChanged(event) {
  const form = event.target.form ?? event.target.closest?.("form");
  if (form?.matches("[data-watch]")) form.dataset.changed = "";
}

// A second press while the first is on its way would write twice.
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
  if (form.matches("[data-watch]")) isLeaving = true;
}

// Coming back by the browser's button shows the page as it was left.
function forgetSent() {
  isLeaving = false;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// What was refused, or is marked data-unsaved, is typed and not yet kept anywhere.
function markRefused() {
  for (const form of document.querySelectorAll("form[data-watch]")) {
    if (form.querySelector("[data-focus], [data-unsaved]")) form.dataset.changed = "";
  }
}

function applyFilters(form) {
  form.requestSubmit();
}

function watchFilters() {
  let pause;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-autosubmit]");
    if (!form) return;
    clearTimeout(pause);
    const wait = event.target.type === "search" ? SEARCH_PAUSE_MS : 0;
    if (!event.isComposing) pause = setTimeout(applyFilters, wait, form);
  });
  document.addEventListener("compositionend", (event) => {
    const form = event.target.closest?.("form[data-autosubmit]");
    if (form) pause = setTimeout(applyFilters, SEARCH_PAUSE_MS, form);
  });
}

export function watchForms() {
  document.addEventListener("input", markChanged);
  document.addEventListener("change", markChanged);
  document.addEventListener("submit", sendOnce);
  window.addEventListener("beforeunload", warn);
  window.addEventListener("pageshow", forgetSent);
  watchFilters();
  markRefused();
  document.querySelector("[data-focus]")?.focus();
}
