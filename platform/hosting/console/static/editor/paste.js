// What comes from Word or WPS: its dressing goes, its structure stays.
//
// Numbers that Word wrote by itself ("一、", "（一）") are text to a reader of an official document and
// are kept as text; only bullets and plain 1. 2. 3. become lists.

const KEPT_STYLES = ["text-align", "text-indent", "width", "vertical-align"];
const KEPT_ATTRIBUTES = {
  a: ["href", "title"],
  img: ["src", "alt", "width", "height"],
  td: ["colspan", "rowspan"],
  th: ["colspan", "rowspan", "scope"],
  table: ["border"],
  ol: ["start", "type"],
};
const REMOVED = "script, style, meta, link, title, xml, del, iframe, object";
const BULLET = /^[\u00b7\u2022\u25cf\u25cb\u25a0\u25a1\u2666\u25c6\u2756\u27a2\u00d8\u00a7\u00fco\uf06c\uf06e\uf0b7\uf0a7\uf0d8\uf0fc-]\s*$/;
const NUMBER = /^\d{1,3}[.．)]\s*$/;

function styleOf(element, name) {
  const match = new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i").exec(element.getAttribute("style") ?? "");
  return match ? match[1].trim() : "";
}

function dropComments(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.remove();
}

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

// Word says bold, underline and raised by style; a reader's document says it by element.
function sayByElement(element) {
  const weight = styleOf(element, "font-weight");
  const wanted = [];
  if (weight === "bold" || Number(weight) >= 600) wanted.push("strong");
  if (/underline/.test(styleOf(element, "text-decoration"))) wanted.push("u");
  if (styleOf(element, "vertical-align") === "super") wanted.push("sup");
  if (styleOf(element, "vertical-align") === "sub") wanted.push("sub");
  for (const name of wanted) {
    const inner = document.createElement(name);
    inner.append(...element.childNodes);
    element.append(inner);
  }
}

function markerOf(paragraph) {
  const marker = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute("style") ?? ""));
  return marker ? { element: marker, text: marker.textContent.replace(/\u00a0/g, " ").trim() } : null;
}

function isListed(paragraph) {
  return /mso-list\s*:\s*l\d+/i.test(paragraph.getAttribute("style") ?? "");
}

function listKind(marker) {
  if (BULLET.test(marker)) return "ul";
  return NUMBER.test(marker) ? "ol" : "";
}

function rebuildLists(root) {
  for (const paragraph of root.querySelectorAll("p, h1, h2, h3, h4, h5, h6")) {
    const marker = isListed(paragraph) ? markerOf(paragraph) : null;
    if (!marker) continue;
    const kind = paragraph.localName === "p" ? listKind(marker.text) : "";
    if (!kind) {
      marker.element.replaceWith(marker.text);
      continue;
    }
    marker.element.remove();
    addToList(paragraph, kind);
  }
}

function addToList(paragraph, kind) {
  const item = document.createElement("li");
  item.append(...paragraph.childNodes);
  const before = paragraph.previousElementSibling;
  if (before?.localName === kind && before.dataset.pasted !== undefined) {
    before.append(item);
    paragraph.remove();
    return;
  }
  const list = document.createElement(kind);
  list.dataset.pasted = "";
  list.append(item);
  paragraph.replaceWith(list);
}

// Two characters of any size are 2em; a hanging indent of Word's lists is none.
function firstLine(value) {
  const size = Number.parseFloat(value);
  if (!(size > 0)) return "";
  return /em$/.test(value) && size < 4 ? value : "2em";
}

function dress(element) {
  const kept = [];
  for (const name of KEPT_STYLES) {
    const value = name === "text-indent" ? firstLine(styleOf(element, name)) : styleOf(element, name);
    const isBlock = !["span", "strong", "u", "a", "img"].includes(element.localName);
    const isDefault = ["left", "start", "baseline", "top", "auto", "middle"].includes(value);
    if (value && isBlock && !isDefault) kept.push(`${name}: ${value}`);
  }
  const attributes = KEPT_ATTRIBUTES[element.localName] ?? [];
  for (const { name } of [...element.attributes]) {
    if (!attributes.includes(name)) element.removeAttribute(name);
  }
  if (kept.length) element.setAttribute("style", kept.join("; "));
}

function dropDeadImages(root) {
  for (const image of root.querySelectorAll("img")) {
    if (/^(file:|cid:|webkit-fake-url:)/i.test(image.getAttribute("src") ?? "")) image.remove();
  }
}

function isFromOffice(html) {
  return /class="?'?Mso|mso-|urn:schemas-microsoft-com|content="?WPS|<o:p/i.test(html);
}

export function clean(html) {
  const root = new DOMParser().parseFromString(html, "text/html").body;
  dropComments(root);
  dropDeadImages(root);
  if (isFromOffice(html)) rebuildLists(root);
  for (const element of root.querySelectorAll(REMOVED)) element.remove();
  for (const element of root.querySelectorAll("span, b, i, p, td, th, a")) sayByElement(element);
  for (const element of [...root.querySelectorAll("*")]) dress(element);
  for (const element of [...root.querySelectorAll("*")]) {
    if (element.matches("span, font, center, big, small, ins") || element.localName.includes(":")) unwrap(element);
  }
  return root.innerHTML;
}
