// What makes the console quick. Every page works without it; each part looks for its own marks.

import { watchDialogs } from "./console/dialogs.js";
import { watchDrops } from "./console/drops.js";
import { watchForms } from "./console/forms.js";
import { watchLists } from "./console/lists.js";
import { watchPalette } from "./console/palette.js";

watchDialogs();
watchDrops();
watchForms();
watchLists();
watchPalette();

// The editor weighs a megabyte and a half: only pages with rich text load it.
if (document.querySelector("textarea[data-rich-text]")) {
  import("./editor.js").then((editor) => editor.start());
}
