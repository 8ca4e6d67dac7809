/* Small comforts; every page works without this file. Runs in the head, before anything is drawn. */
(function () {
  "use strict";
  var root = document.documentElement;
  var KEY = "elder";

  function remembered() {
    try { return localStorage.getItem(KEY) === "1"; } catch (refused) { return false; }
  }

  function remember(on) {
    try { localStorage.setItem(KEY, on ? "1" : "0"); } catch (refused) { /* for this page only */ }
  }

  function setElder(on) {
    root.classList.toggle("elder", on);
    remember(on);
    var link = document.querySelector(on ? ".elder-off" : ".elder-on");
    if (link) { link.focus(); }
  }

  if (remembered()) { root.classList.add("elder"); }

  /* What site.css says, as a string, of banners set or ended after this page was made. */
  function stated(name) {
    var value = getComputedStyle(root).getPropertyValue(name).trim();
    return value.slice(1, -1).replace(/\\([0-9a-f]{1,6}) ?/g, function (_, code) {
      return String.fromCodePoint(parseInt(code, 16));
    });
  }

  function part(kind, name, words) {
    var made = document.createElement(kind);
    made.className = name;
    made.textContent = words;
    return made;
  }

  function bannerOf(words) {
    var section = part("section", "banner banner-" + words.level, "");
    var wrap = part("div", "wrap", "");
    var line = document.createElement("p");
    section.setAttribute("aria-label", words.label);
    line.append(part("strong", "banner-word", words.word), " ", part("strong", "banner-title", words.title));
    if (words.text) { line.append(" ", part("span", "banner-text", words.text)); }
    wrap.append(line);
    if (/^(\/(?![\/\\])|https:\/\/)/.test(words.path)) {
      var link = part("a", "banner-more", words.more);
      link.href = words.path;
      link.setAttribute("aria-label", words.more_label);
      wrap.append(link);
    }
    section.append(wrap);
    return section;
  }

  function showBanners() {
    var shown = document.querySelector(".banners");
    var version = stated("--banners-version");
    if (!shown || !version || shown.dataset.version === version) { return; }
    shown.replaceChildren.apply(shown, JSON.parse(stated("--banners")).map(bannerOf));
    shown.dataset.version = version;
  }

  function isGovernment(host) {
    return host === location.hostname || /(^|\.)gov\.cn$|\.xn--zfr164b$/.test(host);
  }

  /* Leaving for a site that is not the government's: ask first. */
  function askBeforeLeaving(event) {
    var link = event.target.closest && event.target.closest("a[href^='http']");
    var dialog = document.getElementById("leaving");
    if (!link || !dialog || !dialog.showModal || dialog.contains(link)) { return; }
    /* To the same office in another language: only our own header and byline name one. */
    if (isGovernment(link.hostname) || (link.hreflang && !link.closest(".prose"))) { return; }
    event.preventDefault();
    dialog.querySelector(".leaving-host").textContent = link.hostname;
    dialog.querySelector("a").href = link.href;
    dialog.showModal();
  }

  function copyAddress(button) {
    var address = location.href.split("#")[0];
    if (navigator.share && matchMedia("(pointer: coarse)").matches) {
      navigator.share({ title: document.title, url: address }).catch(function () { /* thought better */ });
      return;
    }
    navigator.clipboard.writeText(address).then(function () {
      button.textContent = button.dataset.done;
    });
  }

  function onClick(event) {
    var target = event.target.closest ? event.target.closest(".elder-on,.elder-off,[data-do],.leaving button") : null;
    if (!target) { askBeforeLeaving(event); return; }
    if (target.dataset.do === "print") { window.print(); return; }
    if (target.dataset.do === "copy") { copyAddress(target); return; }
    if (target.matches(".leaving button")) { document.getElementById("leaving").close(); return; }
    event.preventDefault();
    setElder(target.matches(".elder-on"));
  }

  document.addEventListener("click", onClick);
  document.addEventListener("DOMContentLoaded", function () {
    showBanners();
    document.querySelectorAll("[data-do]").forEach(function (button) {
      button.hidden = button.dataset.do === "copy" && !(navigator.clipboard || navigator.share);
    });
  });
})();
