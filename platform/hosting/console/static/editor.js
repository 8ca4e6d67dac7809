// Rich text for official documents on textarea[data-rich-text]; without scripts it stays a text area.

import { FORMATS, settings } from "./editor/settings.js";

const FOLDER = new URL("vendor/hugerte/", import.meta.url).href;

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// The text area is what is sent and what the dirty-form warning listens to.
function keepInStep(editor, area) {
  editor.on("input change undo redo", () => {
    editor.save();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  area.form?.addEventListener("submit", () => editor.save(), { capture: true });
  const label = document.getElementById(`${area.id}-label`);
  label?.addEventListener("click", () => editor.focus());
}

async function startOn(area) {
  const isChinese = document.documentElement.lang.startsWith("zh");
  if (isChinese) await load(new URL("editor/zh_CN.js", import.meta.url).href);
  const [editor] = await window.hugerte.init({
    ...settings(area, FOLDER),
    language: isChinese ? "zh_CN" : undefined,
    target: area,
    setup(editor) {
      FORMATS.forEach((add) => add(editor));
    },
  });
  // Chinese text is counted by characters; the count starts with words.
  if (isChinese) editor.getContainer().querySelector(".tox-statusbar__wordcount")?.click();
  editor.getBody().setAttribute("aria-label", document.getElementById(`${area.id}-label`).textContent.trim());
  keepInStep(editor, area);
}

export async function start() {
  await load(`${FOLDER}hugerte.min.js`);
  for (const area of document.querySelectorAll("textarea[data-rich-text]")) await startOn(area);
}
