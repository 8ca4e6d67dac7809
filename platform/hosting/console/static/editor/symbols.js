// Signs that official documents use and a keyboard lacks: [code point, name].

const GROUPS = {
  六角括号: "〔〕",
  书名号: "《》〈〉",
  方头括号: "【】",
  引号: "“”‘’「」『』",
  连接号: "—–～",
  省略号: "…",
  间隔号: "·",
  单位: "℃℉‰％㎡㎥㎜㎝㎞㎏㎎㏄°′″Ω",
  号码: "№",
  带圈数字: "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
  括号中文数字: "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
  罗马数字: "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ",
  数学: "×÷±≤≥≠≈∑√∞∵∴",
  货币: "￥€£＄",
  标记: "※★☆●○■□▲△▼▽◆◇✓✗",
  箭头: "→←↑↓",
};

const chinese = document.documentElement.lang.startsWith("zh");

export const SYMBOLS = Object.entries(GROUPS).flatMap(([name, signs]) =>
  [...signs].map((sign) => [sign.codePointAt(0), chinese ? `${name} ${sign}` : sign]),
);
