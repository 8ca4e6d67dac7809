// A link marked data-dialog opens the confirmation page it leads to over this page.

function isPlainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function build(page, address) {
  const part = page.querySelector("#confirm");
  if (!part) return null;
  const dialog = document.getElementById("dialog-shell").content.firstElementChild.cloneNode(true);
  dialog.querySelector("#over-title").textContent = page.querySelector("h1").textContent;
  dialog.querySelector(".over-body").append(document.adoptNode(part));
  for (const form of dialog.querySelectorAll("form:not([action])")) form.action = address;
  return dialog;
}

async function fetchPage(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function openOver(link) {
  const page = await fetchPage(link.href).catch(() => null);
  const dialog = page && build(page, link.href);
  if (!dialog) {
    location.assign(link.href);
    return;
  }
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden]), textarea, select, .form-actions a")?.focus();
}

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const closer = event.target.closest?.("[data-close]");
    const over = closer?.closest("dialog");
    if (over) {
      event.preventDefault();
      over.close();
      return;
    }
    const link = event.target.closest?.("a[data-dialog]");
    if (link && isPlainClick(event)) {
      event.preventDefault();
      openOver(link);
    }
  });
}
