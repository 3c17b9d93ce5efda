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
  const operation = h("select", { id: "operation" }, h("option", { value: "" }, t("every request")));
  const presets = h("ul", { class: "presets" });
  fill(
    root,
    h(
      "div",
      { class: "page" },
      heading,
      h("p", {}, t("Simulate faults and see how your system copes. Whether and how it retries is judged too.")),
      h("section", { "aria-labelledby": "active-title" }, h("h2", { id: "active-title" }, t("Active faults")), active),
      h(
        "section",
        { "aria-labelledby": "presets-title" },
        h("h2", { id: "presets-title" }, t("Add a fault")),
        h("p", { class: "field" }, h("label", { for: "operation" }, t("Applies to")), operation),
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
        : h("p", { class: "quiet" }, t("No active faults: every request is handled normally.")),
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
      t("{name} added.", { name: preset }),
    );
  const remove = (id) => attempt(() => call("DELETE", `faults/${id}`), t("Removed."));
  const clear = async () => {
    await attempt(() => call("DELETE", "faults"), t("All faults were removed."));
    heading.focus();
  };

  async function draw() {
    const [known, { operations }] = await Promise.all([get("faults/presets"), get("coverage")]);
    fill(
      operation,
      h("option", { value: "" }, t("every request")),
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
      { class: "wide", tabindex: 0, role: "group", "aria-label": t("Active faults") },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [t("Fault"), t("Does"), t("Applies to"), t("Triggered"), t("Remaining"), t("Action")].map((each) =>
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
                  : t("every request"),
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
    h("p", {}, h("button", { type: "button", on: { click: clear } }, t("Remove all"))),
  ];
}

const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function left({ times, struck, over }) {
  if (times !== null && times !== undefined) return number(Math.max(times - struck, 0));
  return over ? "0" : t("unlimited");
}

const CONNECTIONS = {
  reset: m("resets the connection"),
  empty: m("closes the connection without a response"),
  truncate: m("cuts off the response"),
  garbage: m("sends invalid data instead of HTTP"),
};
const BODIES = {
  "not-json": m("returns a body that is not JSON"),
  html: m("returns an HTML page"),
  "wrong-content-type": m("returns the wrong content type"),
  empty: m("returns no body"),
  stale: m("returns the state before the last change"),
};

/** How many requests a fault applies to: one in so many where that is a whole number, else a percentage. */
function chance(probability) {
  const every = Math.round(1 / probability);
  return Math.abs(every * probability - 1) < 0.001
    ? t("1 in {n} requests", { n: every })
    : t("{n}% of requests", { n: number(Math.round(probability * 1000) / 10) });
}

/** What a fault does and how often, in words. */
function describe({ action, times, probability }) {
  const { status, headers, delay, connection, body, drip, after } = action;
  const parts = [
    delay &&
      (delay.kind === "uniform"
        ? t("waits {low} to {high} s", { low: delay.low, high: delay.high })
        : t("waits about {n} s", { n: delay.low })),
    after && t("handles the request"),
    status && t("returns {status}", { status }),
    headers &&
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join(", "),
    connection && t(CONNECTIONS[connection]),
    body && t(BODIES[body]),
    drip && t("sends the response at {n} bytes per second", { n: drip }),
    times && tn("once", "{n} times", { n: times }),
    probability && probability < 1 && chance(probability),
  ];
  return parts.filter(Boolean).join(", ");
}
