// How the editor is set up: what a document may hold, which tools are offered, where images go.

import { clean } from "./paste.js";
import { SYMBOLS } from "./symbols.js";

const TOOLS = [
  "undo redo",
  "blocks",
  "bold underline",
  "alignleft aligncenter alignright alignjustify firstline",
  "bullist numlist",
  "table link image",
  "removeformat searchreplace charmap visualblocks code fullscreen",
].join(" | ");

const BLOCKS_CHINESE = "正文=p;一级标题=h2;二级标题=h3;三级标题=h4";
const BLOCKS_ENGLISH = "Paragraph=p;Heading 1=h2;Heading 2=h3;Heading 3=h4";

// The server cleans again and decides; here only what a person can see and set is kept.
const STYLES = {
  "*": "text-align,text-indent,width,vertical-align,border-collapse",
};

const FIRST_LINE = "<svg width='24' height='24' viewBox='0 0 24 24' fill='none' stroke='currentColor' stroke-width='2' stroke-linecap='round'><path d='M11 6h9M4 12h16M4 18h16M4 4l3 2-3 2'/></svg>";

function addFirstLine(editor) {
  const chinese = document.documentElement.lang.startsWith("zh");
  const words = chinese ? "首行缩进两字" : "Indent first line by two characters";
  editor.ui.registry.addIcon("first-line", FIRST_LINE);
  editor.ui.registry.addToggleButton("firstline", {
    icon: "first-line",
    tooltip: words,
    onAction: () => editor.formatter.toggle("firstline"),
    onSetup: (button) => editor.formatter.formatChanged("firstline", button.setActive).unbind,
  });
}

export const FORMATS = [addFirstLine];

async function upload(area, blob, name) {
  const data = new FormData();
  data.append("file", blob, name);
  const answer = await fetch(area.dataset.upload, {
    method: "POST",
    headers: { "X-CSRFToken": area.dataset.token, Accept: "application/json" },
    body: data,
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw { message: said.message ?? `HTTP ${answer.status}`, remove: true };
  return said.location;
}

function images(area) {
  if (!area.dataset.upload) return { paste_data_images: false };
  return {
    paste_data_images: true,
    automatic_uploads: true,
    images_file_types: "jpeg,jpg,png,gif,webp",
    images_upload_handler: (image) => upload(area, image.blob(), image.filename()),
  };
}

// How much of the window's top is taken by what stays there.
function stuckHeight() {
  const kept = [...document.querySelectorAll(".top, .page-head")];
  const stuck = kept.filter((part) => getComputedStyle(part).position === "sticky");
  return stuck.reduce((height, part) => height + part.offsetHeight, 0);
}

export function settings(area, folder) {
  const chinese = document.documentElement.lang.startsWith("zh");
  return {
    base_url: folder.replace(/\/$/, ""),
    suffix: ".min",
    plugins: "lists link table image code autolink fullscreen searchreplace wordcount charmap visualblocks",
    toolbar: TOOLS,
    toolbar_mode: "wrap",
    toolbar_sticky: true,
    toolbar_sticky_offset: stuckHeight(),
    menubar: false,
    branding: false,
    promotion: false,
    elementpath: true,
    min_height: 480,
    height: 640,
    resize: true,
    content_css: new URL("css/editor.css", new URL("../", import.meta.url)).href,
    block_formats: chinese ? BLOCKS_CHINESE : BLOCKS_ENGLISH,
    formats: {
      underline: { inline: "u" },
      firstline: { selector: "p", styles: { "text-indent": "2em" } },
    },
    extended_valid_elements: "section,u,sub,sup",
    valid_styles: STYLES,
    invalid_elements: "script,style,iframe,object,embed,form,input,button,font",
    convert_urls: false,
    entity_encoding: "raw",
    link_default_protocol: "https",
    link_assume_external_targets: false,
    link_target_list: false,
    charmap: SYMBOLS,
    image_caption: true,
    image_description: true,
    image_dimensions: false,
    table_default_attributes: { border: "1" },
    table_default_styles: { width: "100%", "border-collapse": "collapse" },
    table_advtab: false,
    table_cell_advtab: false,
    table_row_advtab: false,
    table_appearance_options: false,
    table_use_colgroups: false,
    table_sizing_mode: "relative",
    paste_preprocess: (_editor, facts) => {
      facts.content = clean(facts.content);
    },
    ...images(area),
  };
}
