// How to point a system at this mock: where it is, how to get in, and first calls that work.

import { call, get } from "./api.js";
import { firstCalls, tokenCall } from "./calls.js";
import { copyable } from "./copy.js";
import { announce, fill, h } from "./dom.js";
import { OTHER, ROLES, baseUrl, info, mockUrl } from "./info.js";
import { m, number, t, tn } from "./language.js";

const AUTH = {
  none: m("No authentication is required. Start the mock with --auth to change that."),
  bearer: m("Send a bearer token: it was shown when the mock started, or is set in OOAPI_TOETS_TOKEN."),
  basic: m("Send a user and a secret (basic authentication); they were shown when the mock started."),
  oauth2: m(
    "Send an OAuth 2.0 token (client credentials); client and secret were shown when the mock started. Fetch one like this:",
  ),
};
const POINT = {
  toetsafname: m(
    "This mock acts as Toetsafname. In your {client}, enter this base URL as the address of the test-taking system:",
  ),
  toetsplanning: m(
    "This mock acts as Toetsplanning. In your {client}, enter this base URL as the address of the planning system:",
  ),
};

/**
 * @param {HTMLElement} root
 * @returns {import("./main.js").View}
 */
export function setup(root) {
  return {
    async show() {
      const [about, settings, calls, token] = await Promise.all([info(), get("settings"), firstCalls(), tokenCall()]);
      const heading = h("h1", { tabindex: -1 }, t("Set-up"));
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
                h("h2", {}, t("Connect your system to this mock")),
                h("p", {}, t(POINT[about.role], { client: t(ROLES[OTHER[about.role]]) })),
                copyable(baseUrl(about), t("Base URL")),
                h("p", {}, t(AUTH[about.auth])),
                token,
              ),
              h(
                "section",
                {},
                h("h2", {}, t("First requests")),
                h(
                  "p",
                  {},
                  t("Paste these into a terminal, in this order. Each request appears under Exchanges at once."),
                ),
                calls,
              ),
              h(
                "section",
                {},
                h("h2", {}, t("What the responses tell you")),
                h(
                  "ul",
                  {},
                  [
                    t(
                      "Every response names the violated rules in the header ooapi-toets-rules, the effect of the request in ooapi-toets-effect, and in Link where it is explained.",
                    ),
                    t("Flows shows which steps have been tested, and the verdict on your system so far."),
                    t("Everything on this page is also available to programs: see the control API."),
                  ].map((each) => h("li", {}, each)),
                ),
              ),
            ),
            h("section", { class: "facts" }, h("h2", {}, t("This mock")), facts(about, settings), unmasking(settings)),
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
    [t("Role"), t(ROLES[about.role])],
    [t("Edition"), about.edition],
    [t("Authentication"), about.auth === "none" ? t("none") : about.auth],
    [t("Sandbox"), about.sandbox || t("default")],
    [t("Control API"), `${mockUrl(about)}/_mock/`],
    [t("Store"), about.store],
    [t("Contract"), `${about.contract.title}, sha256 ${about.contract.sha256.slice(0, 12)}…`],
    [t("Version"), about.version],
    [t("Keeps at most"), tn("1 exchange", "{n} exchanges", { n: number(limits.journalEntries) })],
    [t("Maximum body size"), tn("1 byte", "{n} bytes", { n: number(limits.bodyBytes) })],
  ];
  return h(
    "dl",
    {},
    rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

function unmasking(settings) {
  const box = h("input", { type: "checkbox", id: "unmasked", checked: settings.unmasked, on: { change: change } });
  const told = h("p", { class: "alert", hidden: true, role: "alert" });
  async function change() {
    try {
      box.checked = (await call("PUT", "settings", { unmasked: box.checked })).unmasked;
      told.hidden = true;
      announce(t("Saved."));
    } catch (error) {
      box.checked = !box.checked;
      told.textContent = error.message;
      told.hidden = false;
    }
  }
  return h(
    "div",
    {},
    h("label", { class: "choice", for: "unmasked" }, box, t("Show personal data")),
    h(
      "p",
      { class: "quiet" },
      t("Personal data are masked by default. Show them for fictitious people only, and on this machine only."),
    ),
    told,
  );
}
