// How to point a system at this mock: where it is, how to get in, and first calls that work.

import { call, get } from "./api.js";
import { firstCalls, tokenCall } from "./calls.js";
import { copyable } from "./copy.js";
import { announce, fill, h } from "./dom.js";
import { OTHER, baseUrl, info, mockUrl } from "./info.js";
import { number, t } from "./language.js";

const AUTH = { none: "auth_none", bearer: "auth_bearer", basic: "auth_basic", oauth2: "auth_oauth2" };

/**
 * @param {HTMLElement} root
 * @returns {import("./main.js").View}
 */
export function setup(root) {
  return {
    async show() {
      const [about, settings, calls, token] = await Promise.all([info(), get("settings"), firstCalls(), tokenCall()]);
      const heading = h("h1", { tabindex: -1 }, t("setup"));
      fill(
        root,
        h(
          "div",
          { class: "page" },
          heading,
          h(
            "div",
            { class: "columns" },
            h(
              "div",
              {},
              h(
                "section",
                {},
                h("h2", {}, t("point_title")),
                h("p", {}, t(`point_${about.role}`, { client: t(`role_${OTHER[about.role]}`) })),
                copyable(baseUrl(about), t("base_url")),
                h("p", {}, t(AUTH[about.auth])),
                token,
              ),
              h("section", {}, h("h2", {}, t("calls_title")), h("p", {}, t("calls_help")), calls),
              h(
                "section",
                {},
                h("h2", {}, t("after_title")),
                h(
                  "ul",
                  {},
                  ["after_headers", "after_page", "after_test"].map((each) => h("li", {}, t(each))),
                ),
              ),
            ),
            h("section", { class: "facts" }, h("h2", {}, t("mock_is")), facts(about, settings), unmasking(settings)),
          ),
        ),
      );
      return heading;
    },
    changed() {},
    close() {},
  };
}

function facts(about, { limits }) {
  const rows = [
    ["role", t(`role_${about.role}`)],
    ["edition", about.edition],
    ["auth", about.auth === "none" ? t("none") : about.auth],
    ["sandbox", about.sandbox || t("sandbox_default")],
    ["control_api", `${mockUrl(about)}/_mock/`],
    ["store", about.store],
    ["contract", `${about.contract.title}, sha256 ${about.contract.sha256.slice(0, 12)}…`],
    ["version", about.version],
    ["journal_limit", t("journal_limit_n", { n: number(limits.journalEntries) })],
    ["body_limit", t("bytes_n", { n: number(limits.bodyBytes) })],
  ];
  return h(
    "dl",
    {},
    rows.map(([name, value]) => h("div", {}, h("dt", {}, t(name)), h("dd", {}, value))),
  );
}

function unmasking(settings) {
  const box = h("input", { type: "checkbox", id: "unmasked", checked: settings.unmasked, on: { change: change } });
  const told = h("p", { class: "alert", hidden: true, role: "alert" });
  async function change() {
    try {
      box.checked = (await call("PUT", "settings", { unmasked: box.checked })).unmasked;
      told.hidden = true;
      announce(t("saved"));
    } catch (error) {
      box.checked = !box.checked;
      told.textContent = error.message;
      told.hidden = false;
    }
  }
  return h(
    "div",
    {},
    h("label", { class: "choice", for: "unmasked" }, box, t("unmasked")),
    h("p", { class: "quiet" }, t("unmasked_help")),
    told,
  );
}
