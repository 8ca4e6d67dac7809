// Attached files: sent as soon as they are chosen, put in order by buttons. Without this script the
// form sends them itself, and the order is typed as numbers.

const area = document.querySelector("[data-attachments]");

function rows() {
  return [...area.querySelectorAll(".attachment-rows > li")];
}

function part(row, name) {
  return row.querySelector(`[name$="-${name}"]`);
}

function say(sentence) {
  area.querySelector(".attachment-status").textContent = sentence;
}

function changed() {
  area.dispatchEvent(new Event("change", { bubbles: true }));
}

function number() {
  rows().forEach((row, place) => (part(row, "position").value = place + 1));
}

function nextIndex() {
  const indexes = rows().map((row) => Number(/-(\d+)-/.exec(part(row, "asset_id").name)[1]));
  return Math.max(-1, ...indexes) + 1;
}

function move(row, step) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  number();
  changed();
}

function toggleRemoved(row) {
  const box = part(row, "is_removed");
  box.checked = !box.checked;
  row.classList.toggle("removed", box.checked);
  changed();
}

function equip(row) {
  row.append(area.querySelector("[data-tools]").content.cloneNode(true));
  row.classList.toggle("removed", part(row, "is_removed").checked);
  row.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.move) {
      move(row, Number(button.dataset.move));
      button.focus();
    } else if (button?.dataset.remove !== undefined) toggleRemoved(row);
  });
}

function add(file) {
  const row = area.querySelector("[data-row]").content.firstElementChild.cloneNode(true);
  const index = nextIndex();
  for (const field of row.querySelectorAll("[data-part]")) {
    field.name = `attachments-${index}-${field.dataset.part}`;
    field.id = field.name;
    field.closest("span, label")?.querySelector("label")?.setAttribute("for", field.id);
  }
  part(row, "asset_id").value = file.id;
  part(row, "name").value = file.name;
  row.querySelector(".quiet-text").textContent = `${file.name} · ${file.size}`;
  area.querySelector(".attachment-rows").append(row);
  equip(row);
  number();
}

async function send(file) {
  const data = new FormData();
  data.append("file", file, file.name);
  const answer = await fetch(area.dataset.upload, {
    method: "POST",
    headers: { "X-CSRFToken": area.dataset.token, Accept: "application/json" },
    body: data,
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message ?? `HTTP ${answer.status}`);
  return said;
}

async function sendAll(input) {
  const words = area.querySelector("[data-words]").dataset;
  const refused = [];
  let count = 0;
  for (const file of input.files) {
    say(words.sending.replace("{name}", file.name));
    try {
      add(await send(file));
      count += 1;
    } catch (error) {
      refused.push(error.message);
    }
  }
  // What has been sent must not be sent again with the form.
  input.value = "";
  say([count ? words.done.replace("{count}", count) : "", ...refused].filter(Boolean).join("　"));
  area.classList.toggle("has-refused", refused.length > 0);
  if (count) changed();
}

if (area) {
  area.classList.add("scripted-rows");
  rows().forEach(equip);
  area.querySelector("[type=file]").addEventListener("change", (event) => sendAll(event.target));
}
