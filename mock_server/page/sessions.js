// The sessions that the mock remembers, and the one that is looked at.

import { call, get } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { moment, number, t, tn } from "./language.js";
import { showSession } from "./session.js";

const MOST = 200;

let text = "";

/**
 * @param {HTMLElement} root
 * @returns {import("./main.js").View}
 */
export function sessions(root) {
  let chosen = "";
  const list = h("ul", { class: "rows sessions" });
  const count = h("p", { class: "quiet count" });
  const search = h("input", {
    type: "search",
    id: "session-search",
    value: text,
    autocomplete: "off",
    placeholder: t("Find a session"),
    on: { input: () => ((text = search.value.trim()), void load().catch(() => {})) },
  });
  const pane = h("section", { class: "pane", "aria-labelledby": "session-title", hidden: true });
  const heading = h("h1", { id: "state-title", tabindex: -1 }, t("Sessions"));
  fill(
    root,
    h(
      "div",
      { class: "split" },
      h(
        "section",
        { class: "list", "aria-labelledby": "state-title" },
        h(
          "div",
          { class: "list-top" },
          heading,
          h(
            "form",
            {
              class: "filter",
              role: "search",
              "aria-label": t("Sessions"),
              on: { submit: (event) => event.preventDefault() },
            },
            h("label", { for: "session-search", class: "unseen" }, t("Find a session")),
            search,
          ),
          count,
        ),
        list,
      ),
      pane,
    ),
  );

  async function load() {
    const { count: all, items } = await get(`sessions?limit=${MOST}&text=${encodeURIComponent(text)}`);
    count.textContent =
      all > items.length
        ? t("The newest {n} of {all} sessions", { n: number(items.length), all: number(all) })
        : tn("1 session", "{n} sessions, newest first", { n: all });
    const focused = document.activeElement?.closest("ul.sessions a")?.getAttribute("href");
    fill(
      list,
      items.map((each) => row(each, chosen)),
      !all && !text && h("li", { class: "empty" }, nothing()),
    );
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }

  function nothing() {
    const sow = async () => {
      await call("POST", "seeds/basic");
      announce(t("Sample sessions loaded."));
      await load();
    };
    return [
      h("p", {}, t("No sessions yet.")),
      h("button", { type: "button", on: { click: sow } }, t("Load the sample sessions")),
    ];
  }

  const close = () => (location.hash = "#/state");

  return {
    async show(session) {
      const before = chosen;
      chosen = session ?? "";
      pane.hidden = !chosen;
      root.classList.toggle("has-pane", Boolean(chosen));
      await load();
      if (chosen) return showSession(pane, chosen, close);
      return (before && list.querySelector(`a[href$="${CSS.escape(before)}"]`)) || heading;
    },
    async changed(added) {
      if (added?.every((each) => !each.effect)) return;
      await load();
      if (chosen && (added === null || added.some((each) => each.session === chosen)))
        await showSession(pane, chosen, close);
    },
    close() {
      root.classList.remove("has-pane");
    },
  };
}

function row(each, chosen) {
  const isCanceled = each.state && each.state !== "active";
  return h(
    "li",
    {},
    h(
      "a",
      {
        class: "row session",
        href: `#/state/${each.session}`,
        "aria-current": each.session === chosen && "true",
      },
      h("span", { class: "name" }, each.name || "–"),
      " ",
      h("span", { class: "code-name" }, each.code),
      " ",
      h("span", { class: "when" }, moment(each.start)),
      " ",
      h("span", { class: "people" }, tn("1 participant", "{n} participants", { n: each.people })),
      " ",
      h(
        "span",
        { class: "marks" },
        each.report && h("span", { class: "tag" }, t("Report")),
        isCanceled && h("span", { class: "tag" }, each.state),
      ),
    ),
  );
}
