// Bad days: presets by name, which are planned now, how often they will still strike.

import { call, get } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { number, t } from "./language.js";

/**
 * @param {HTMLElement} root
 * @returns {import("./main.js").View}
 */
export function faults(root) {
  const heading = h("h1", { tabindex: -1 }, t("faults"));
  const active = h("div", {});
  const told = h("p", { class: "alert", role: "alert", hidden: true });
  const operation = h("select", { id: "operation" }, h("option", { value: "" }, t("every_call")));
  const presets = h("ul", { class: "presets" });
  fill(
    root,
    h(
      "div",
      { class: "page" },
      heading,
      h("p", {}, t("faults_help")),
      h("section", { "aria-labelledby": "active-title" }, h("h2", { id: "active-title" }, t("faults_active")), active),
      h(
        "section",
        { "aria-labelledby": "presets-title" },
        h("h2", { id: "presets-title" }, t("presets")),
        h("p", { class: "field" }, h("label", { for: "operation" }, t("strikes")), operation),
        told,
        presets,
      ),
    ),
  );

  async function load() {
    const planned = await get("faults");
    const focused = document.activeElement?.closest("[data-fault]")?.dataset.fault;
    fill(active, planned.length ? table(planned, remove, clear) : h("p", { class: "quiet" }, t("faults_none")));
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
      t("fault_planned", { name: preset }),
    );
  const remove = (id) => attempt(() => call("DELETE", `faults/${id}`), t("fault_removed"));
  const clear = async () => {
    await attempt(() => call("DELETE", "faults"), t("faults_cleared"));
    heading.focus();
  };

  async function draw() {
    const [known, { operations }] = await Promise.all([get("faults/presets"), get("coverage")]);
    fill(
      operation,
      h("option", { value: "" }, t("every_call")),
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
      { class: "wide", tabindex: 0, role: "group", "aria-label": t("faults_active") },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["fault", "does", "strikes", "struck", "left", "action"].map((each) => h("th", { scope: "col" }, t(each))),
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
                  : t("every_call"),
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
                    "aria-label": t("remove_n", { name: each.name ?? `#${each.id}` }),
                    on: { click: () => remove(each.id) },
                  },
                  t("remove"),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
    h("p", {}, h("button", { type: "button", on: { click: clear } }, t("clear_all"))),
  ];
}

const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function left({ times, struck, over }) {
  if (times !== null && times !== undefined) return number(Math.max(times - struck, 0));
  return over ? "0" : t("always");
}

const CONNECTIONS = { reset: "does_reset", empty: "does_empty", truncate: "does_truncate", garbage: "does_garbage" };
const BODIES = {
  "not-json": "does_not_json",
  html: "does_html",
  "wrong-content-type": "does_wrong_type",
  empty: "does_empty_body",
  stale: "does_stale",
};

/** What a fault does and how often, in words. */
function describe({ action, times, probability }) {
  const { status, headers, delay, connection, body, drip, after } = action;
  const parts = [
    delay &&
      (delay.kind === "uniform"
        ? t("does_wait_between", { low: delay.low, high: delay.high })
        : t("does_wait", { n: delay.low })),
    after && t("does_after"),
    status && t("does_status", { status }),
    headers &&
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join(", "),
    connection && t(CONNECTIONS[connection]),
    body && t(BODIES[body]),
    drip && t("does_drip", { n: drip }),
    times && t("does_times", { n: times }),
    probability && probability < 1 && t("does_chance", { n: Math.round(probability * 100) }),
  ];
  return parts.filter(Boolean).join(", ");
}
