// The exchanges as they happen, newest first, and beside them the one that is looked at.

import { badge, became, brief, withoutSession } from "./badges.js";
import { fill, h } from "./dom.js";
import { showExchange } from "./exchange.js";
import { firstCalls } from "./calls.js";
import { known } from "./journal.js";
import { clock, number, said, t, tn } from "./language.js";

const MOST_ROWS = 300;
const OUTCOMES = ["broken", "accepted", "refused", "unmatched", "faulted", "failed"];

/** What is filtered on stays when the page looks elsewhere for a while. */
const wanted = { text: "", outcome: "" };

/**
 * @param {HTMLElement} root
 * @returns {import("./main.js").View}
 */
export function exchanges(root) {
  let chosen = "";
  let most = MOST_ROWS;
  const list = h("ol", { class: "rows", "aria-labelledby": "exchanges-title" });
  const count = h("p", { class: "quiet count", id: "count" });
  const empty = h("div", { class: "empty" });
  const more = h("button", { type: "button", hidden: true, on: { click: showMore } }, t("Show older ones"));
  const pane = h("section", { class: "pane", "aria-labelledby": "exchange-title", hidden: true });
  const filter = filterBar(() => ((most = MOST_ROWS), render()));
  const heading = h("h1", { id: "exchanges-title", tabindex: -1 }, t("Exchanges"));
  fill(
    root,
    h(
      "div",
      { class: "split" },
      h(
        "section",
        { class: "list", "aria-labelledby": "exchanges-title", on: { keydown: move } },
        h("div", { class: "list-top" }, heading, filter, count),
        empty,
        list,
        more,
      ),
      pane,
    ),
  );

  function render() {
    const found = known().filter(fits);
    fill(
      list,
      found.slice(0, most).map((each) => row(each, chosen)),
    );
    tally(found.length);
  }

  function tally(found) {
    const all = known().length;
    more.hidden = found <= most;
    count.textContent =
      found === all
        ? tn("1 exchange", "{n} exchanges", { n: number(all) })
        : t("{n} of {all} exchanges", { n: number(found), all: number(all) });
    list.hidden = !found;
    filter.hidden = !all;
    if (all) fill(empty);
    else if (!empty.firstChild) void whenEmpty(empty).catch(() => {});
    rove();
  }

  /** One row is in the order of tabs; the arrows go to the others. */
  function rove() {
    const rows = [...list.querySelectorAll("a")];
    const current = rows.find((each) => each.hasAttribute("aria-current")) ?? rows[0];
    for (const each of rows) {
      const index = each === current ? 0 : -1;
      if (each.tabIndex !== index && each !== document.activeElement) each.tabIndex = index;
    }
  }

  function move(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const item = event.target.closest("ol.rows > li");
    if (!item) return;
    const next = step ? item[step] : { Home: list.firstElementChild, End: list.lastElementChild }[event.key];
    const link = next?.querySelector("a");
    if (!link) return;
    event.preventDefault();
    link.tabIndex = 0;
    link.focus();
    rove();
  }

  function showMore() {
    const from = list.children.length;
    const found = known().filter(fits);
    most += MOST_ROWS;
    list.append(...found.slice(from, most).map((each) => row(each, chosen)));
    tally(found.length);
    list.children[from]?.querySelector("a")?.focus();
  }

  function mark() {
    for (const each of list.querySelectorAll("a")) {
      if (each.dataset.id === chosen) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    rove();
  }

  const close = () => (location.hash = "#/exchanges");

  return {
    async show(id) {
      const before = chosen;
      chosen = id ?? "";
      pane.hidden = !chosen;
      root.classList.toggle("has-pane", Boolean(chosen));
      if (!list.firstChild) render();
      else mark();
      // Whoever closes an exchange goes on where it was in the list.
      if (!chosen) return (before && list.querySelector(`a[data-id="${CSS.escape(before)}"]`)) || heading;
      return showExchange(pane, chosen, close);
    },
    changed(added) {
      if (added === null || added.length > MOST_ROWS) {
        render();
        return;
      }
      for (const each of added) {
        if (!fits(each)) continue;
        let after = list.firstElementChild;
        while (after && Number(after.dataset.id) > each.id) after = after.nextElementSibling;
        list.insertBefore(row(each, chosen), after);
      }
      while (list.children.length > most) list.lastElementChild.remove();
      tally(known().filter(fits).length);
    },
    close() {
      root.classList.remove("has-pane");
    },
  };
}

function filterBar(changed) {
  const search = h("input", {
    type: "search",
    id: "search",
    placeholder: t("Path, rule, status, session…"),
    value: wanted.text,
    autocomplete: "off",
    spellcheck: "false",
    on: { input: () => ((wanted.text = search.value.trim().toLowerCase()), changed()) },
  });
  const outcome = h(
    "select",
    { id: "outcome", on: { change: () => ((wanted.outcome = outcome.value), changed()) } },
    h("option", { value: "" }, t("All")),
    OUTCOMES.map((each) =>
      h(
        "option",
        { value: each, selected: wanted.outcome === each },
        each === "broken" ? t("with violated rules") : became(each),
      ),
    ),
  );
  return h(
    "form",
    { class: "filter", role: "search", "aria-label": t("Filter"), on: { submit: (event) => event.preventDefault() } },
    h("label", { for: "search", class: "unseen" }, t("Filter")),
    search,
    h("label", { for: "outcome", class: "unseen" }, t("Which exchanges")),
    outcome,
  );
}

/** @param {import("./journal.js").Summary} entry */
function fits(entry) {
  if (wanted.outcome === "broken" ? !entry.broken.length : wanted.outcome && entry.outcome !== wanted.outcome)
    return false;
  if (!wanted.text) return true;
  const text = [
    entry.method,
    entry.path,
    entry.operation,
    entry.session,
    entry.status,
    entry.fault,
    entry.credential,
    ...entry.broken,
  ]
    .join(" ")
    .toLowerCase();
  return wanted.text.split(/\s+/).every((word) => text.includes(word));
}

/** @param {import("./journal.js").Summary} entry */
function row(entry, chosen) {
  const id = String(entry.id);
  return h(
    "li",
    { "data-id": id },
    h(
      "a",
      {
        class: `row ${entry.verdict ?? "unjudged"}`,
        href: `#/exchanges/${id}`,
        tabindex: -1,
        "data-id": id,
        "aria-current": id === chosen && "true",
      },
      h("span", { class: "id" }, id),
      " ",
      h("span", { class: "time" }, clock(entry.startedAt)),
      " ",
      h("span", { class: `method ${entry.method.toLowerCase()}` }, entry.method),
      " ",
      h(
        "span",
        { class: "path", title: entry.path },
        entry.direction === "out" && `${t("sent by the mock:")} `,
        brief(entry.path),
      ),
      " ",
      h("span", { class: "operation" }, entry.operation ?? "–"),
      " ",
      h("span", { class: "status" }, `${entry.status || "–"} ${became(entry.outcome)}`),
      " ",
      h("span", { class: "judged" }, entry.verdict && badge(entry.verdict)),
      " ",
      h("span", { class: "told" }, toldOf(entry)),
    ),
  );
}

function toldOf(entry) {
  if (entry.broken.length) return entry.broken.join(", ");
  if (entry.effect) return withoutSession(said(entry.effect));
  return entry.fault ?? "";
}

async function whenEmpty(place) {
  fill(place, h("p", {}, t("No requests yet.")));
  const calls = await firstCalls();
  if (!known().length)
    fill(
      place,
      h("p", { class: "lead" }, t("No requests yet.")),
      h(
        "p",
        {},
        t(
          "Requests appear here as they come in, each with what was right and wrong. To send a first one, paste this into a terminal:",
        ),
      ),
      calls[0],
    );
}
