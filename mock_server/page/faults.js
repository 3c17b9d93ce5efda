// Bad days: presets by name, which are planned now, how often they will still strike.

import { call, get } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { m, number, t, tn } from "./language.js";

/**
 * @param {HTMLElement} root
 * @returns {import("./main.js").View}
 */
export function faults(root) {
  const heading = h("h1", { tabindex: -1 }, t("Faults"));
  const active = h("div", {});
  const told = h("p", { class: "alert", role: "alert", hidden: true });
  const operation = h("select", { id: "operation" }, h("option", { value: "" }, t("every call")));
  const presets = h("ul", { class: "presets" });
  fill(
    root,
    h(
      "div",
      { class: "page" },
      heading,
      h(
        "p",
        {},
        t(
          "Let the mock have a bad day, and see how your system takes it. Whether it tries again, and how, is judged too.",
        ),
      ),
      h("section", { "aria-labelledby": "active-title" }, h("h2", { id: "active-title" }, t("Planned now")), active),
      h(
        "section",
        { "aria-labelledby": "presets-title" },
        h("h2", { id: "presets-title" }, t("Plan one")),
        h("p", { class: "field" }, h("label", { for: "operation" }, t("Strikes")), operation),
        told,
        presets,
      ),
    ),
  );

  async function load() {
    const planned = await get("faults");
    const focused = document.activeElement?.closest("[data-fault]")?.dataset.fault;
    fill(
      active,
      planned.length
        ? table(planned, remove, clear)
        : h("p", { class: "quiet" }, t("Nothing is planned: every call is answered as it should be.")),
    );
    if (focused) (active.querySelector(`[data-fault="${CSS.escape(focused)}"] button`) ?? heading).focus();
  }

  const attempt = async (work, words) => {
    told.hidden = true;
    try {
      await work();
      announce(words);
    } catch (error) {
      told.textContent = error.message;
      told.hidden = false;
    }
    await load();
  };
  const plan = (preset) =>
    attempt(
      () => call("POST", "faults", { preset, ...(operation.value ? { match: { operation: operation.value } } : {}) }),
      t("{name} is planned.", { name: preset }),
    );
  const remove = (id) => attempt(() => call("DELETE", `faults/${id}`), t("It was removed."));
  const clear = async () => {
    await attempt(() => call("DELETE", "faults"), t("No faults are planned any more."));
    heading.focus();
  };

  async function draw() {
    const [known, { operations }] = await Promise.all([get("faults/presets"), get("coverage")]);
    fill(
      operation,
      h("option", { value: "" }, t("every call")),
      operations.map((each) => h("option", { value: each.operation }, `${each.method} ${each.path}`)),
    );
    fill(
      presets,
      Object.entries(known).map(([name, parts]) =>
        h(
          "li",
          {},
          h("button", { type: "button", on: { click: () => plan(name) } }, name),
          h("span", {}, parts.map((each) => describe(each)).join("; ")),
        ),
      ),
    );
  }

  return {
    async show() {
      await Promise.all([load(), draw()]);
      return heading;
    },
    async changed(added) {
      if (added?.every((each) => !each.fault)) return;
      await load();
    },
    close() {},
  };
}

function table(planned, remove, clear) {
  return [
    h(
      "div",
      { class: "wide", tabindex: 0, role: "group", "aria-label": t("Planned now") },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [t("Fault"), t("Does"), t("Strikes"), t("Struck"), t("Remaining"), t("Action")].map((each) =>
              h("th", { scope: "col" }, each),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          planned.map((each) =>
            h(
              "tr",
              { class: each.over && "over", "data-fault": each.id },
              h("th", { scope: "row" }, each.name ?? `#${each.id}`),
              h("td", {}, describe(each)),
              h(
                "td",
                {},
                Object.keys(each.match).length
                  ? h(
                      "code",
                      {},
                      Object.entries(each.match)
                        .map(([key, value]) => `${key} ${plain(value)}`)
                        .join(", "),
                    )
                  : t("every call"),
              ),
              h("td", { class: "number" }, `${number(each.struck)}×`),
              h("td", { class: "number left" }, left(each)),
              h(
                "td",
                {},
                h(
                  "button",
                  {
                    type: "button",
                    "aria-label": t("Remove {name}", { name: each.name ?? `#${each.id}` }),
                    on: { click: () => remove(each.id) },
                  },
                  t("Remove"),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
    h("p", {}, h("button", { type: "button", on: { click: clear } }, t("Clear all"))),
  ];
}

const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function left({ times, struck, over }) {
  if (times !== null && times !== undefined) return number(Math.max(times - struck, 0));
  return over ? "0" : t("no end");
}

const CONNECTIONS = {
  reset: m("resets the connection"),
  empty: m("closes without an answer"),
  truncate: m("breaks off the answer"),
  garbage: m("sends garbage instead of HTTP"),
};
const BODIES = {
  "not-json": m("answers with what is no JSON"),
  html: m("answers with a page of HTML"),
  "wrong-content-type": m("answers under another content type"),
  empty: m("answers without a body"),
  stale: m("answers with the state before the last change"),
};

/** What a fault does and how often, in words. */
function describe({ action, times, probability }) {
  const { status, headers, delay, connection, body, drip, after } = action;
  const parts = [
    delay &&
      (delay.kind === "uniform"
        ? t("waits {low} to {high} s", { low: delay.low, high: delay.high })
        : t("waits about {n} s", { n: delay.low })),
    after && t("handles the call"),
    status && t("answers {status}", { status }),
    headers &&
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join(", "),
    connection && t(CONNECTIONS[connection]),
    body && t(BODIES[body]),
    drip && t("answers at {n} bytes a second", { n: drip }),
    times && tn("once", "{n} times", { n: times }),
    probability && probability < 1 && t("{n} in 100 calls", { n: Math.round(probability * 100) }),
  ];
  return parts.filter(Boolean).join(", ");
}
