// Adds to the page what it can do without: another language, other colours, a filter, copying.
// Nothing here makes markup from text.
"use strict";
(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const rules = all("article.rule");
  const form = $("filter");
  let stored;

  // -- language -----------------------------------------------------------------------------------

  const told = () => (stored ??= JSON.parse($("texts").textContent))[root.lang];

  function speak(language) {
    root.lang = language;
    const { texts } = told();
    for (const element of all("[data-t]")) element.textContent = texts[element.dataset.t];
    for (const element of all("[data-aria-label]")) {
      element.setAttribute("aria-label", texts[element.dataset.ariaLabel]);
    }
    for (const button of all("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    for (const button of all(".copyable > button")) button.textContent = told().words.copy;
    searched.clear();
    filter();
  }

  for (const button of all("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }

  // -- colours ------------------------------------------------------------------------------------

  const dark = $("dark");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : system.matches);
  const showScheme = () => dark.setAttribute("aria-pressed", String(isDark()));
  dark.addEventListener("click", () => {
    root.dataset.scheme = isDark() ? "light" : "dark";
    showScheme();
  });
  system.addEventListener("change", showScheme);

  // -- filter -------------------------------------------------------------------------------------

  const searched = new Map();

  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();

  function textOf(rule) {
    if (!searched.has(rule)) searched.set(rule, plain(rule.textContent));
    return searched.get(rule);
  }

  function filter() {
    const phrase = plain($("search").value);
    const chosen = (name) => new Set(all(`input[name=${name}]:checked`, form).map((box) => box.value));
    const outcomes = chosen("outcome");
    const levels = chosen("level");
    const halves = chosen("half");
    const attention = $("attention").checked;
    let shown = 0;
    for (const rule of rules) {
      const { outcome, level, half } = rule.dataset;
      const fits =
        (!outcomes.size || outcomes.has(outcome)) &&
        (!levels.size || levels.has(level)) &&
        (!halves.size || halves.has(half)) &&
        (!attention || "attention" in rule.dataset) &&
        (!phrase || textOf(rule).includes(phrase));
      if (rule.hidden === fits) rule.hidden = !fits;
      shown += fits;
    }
    for (const chapter of all(".chapter")) chapter.hidden = !chapter.querySelector("article:not([hidden])");
    $("shown").textContent = told().words.shown.replace("{shown}", shown).replace("{n}", rules.length);
  }

  let waiting;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target.type === "search") waiting = setTimeout(filter, 150);
    else filter();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  for (const link of all("[data-show]")) {
    link.addEventListener("click", () => {
      form.reset();
      const wanted = link.dataset.show.split(",");
      for (const box of all("input[name=outcome]", form)) box.checked = wanted.includes(box.value);
      filter();
    });
  }
  for (const [id, open] of [["open-all", true], ["close-all", false]]) {
    $(id).addEventListener("click", () => {
      for (const each of all("article.rule:not([hidden]) details.evidence")) each.open = open;
    });
  }

  // -- links to a rule or a part --------------------------------------------------------------------

  function follow() {
    let name;
    try {
      name = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const target = name && $(name);
    const place = target && target.closest("article.rule, .chapter");
    if (!place) return;
    if (place.hidden) form.reset();
    filter();
    for (let at = target; at && at !== place; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
    if (place.matches("article")) place.querySelector("details.evidence").open = true;
    target.scrollIntoView();
  }

  addEventListener("hashchange", follow);

  // -- copying ------------------------------------------------------------------------------------

  async function copy(pre) {
    try {
      await navigator.clipboard.writeText(pre.textContent.trim());
    } catch {
      getSelection().selectAllChildren(pre);
      document.execCommand("copy");
    }
    $("said").textContent = "";
    setTimeout(() => ($("said").textContent = told().words.copied), 50);
  }

  for (const box of all(".copyable")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = told().words.copy;
    button.addEventListener("click", () => copy(box.querySelector("pre")));
    box.append(button);
  }

  $("controls").hidden = false;
  form.hidden = false;
  showScheme();
  filter();
  follow();
})();
