// The mock as a client: who its peer is, a flow performed there by a button, and what came of it.

import { call, get } from "./api.js";
import { badge } from "./badges.js";
import { diagram } from "./diagram.js";
import { announce, fill, h } from "./dom.js";
import { OTHER, ROLES, info } from "./info.js";
import { capital, m, said, t, tn } from "./language.js";

const STATES = { pass: "seen", warn: "warned", fail: "wrong" };
const FLOWS = {
  2.1: m("2.1 Create a session"),
  2.2: m("2.2 With students"),
  2.3: m("2.3 Add students"),
  2.4: m("2.4 Remove a student"),
  2.5: m("2.5 Delete the session"),
  4.1: m("4.1 Send the report"),
  4.2: m("4.2 Read the session"),
  all: m("All steps in sequence"),
};

/** The last result, so that it is there still when the page has looked elsewhere. */
let last = null;

/** @param {HTMLElement} place */
export async function playing(place) {
  const [about, peer, { items }] = await Promise.all([info(), get("peer"), get("sessions?limit=50")]);
  const result = h("div", { class: "result", "aria-live": "polite" }, last && resultOf(last, about.role));
  const told = h("p", { class: "alert", role: "alert", hidden: true });
  const url = h("input", {
    type: "url",
    id: "peer",
    required: true,
    value: peer.url ?? "",
    placeholder: "http://127.0.0.1:9000/ooapi",
    autocomplete: "off",
  });
  const session = h(
    "select",
    { id: "session" },
    h("option", { value: "" }, t("automatic")),
    items.map((each) => h("option", { value: each.session }, `${each.code} ${each.name}`)),
  );
  const buttons = h("div", { class: "actions" });
  drawButtons(peer);

  function drawButtons({ url: address, plays }) {
    const wanted = plays.length > 1 ? [...plays, "all"] : plays;
    fill(
      buttons,
      wanted.map((flow) =>
        h("button", { type: "button", disabled: !address, on: { click: () => run(flow) } }, t(FLOWS[flow])),
      ),
    );
  }

  async function attempt(work) {
    told.hidden = true;
    try {
      await work();
    } catch (error) {
      told.textContent = error.message;
      told.hidden = false;
    }
  }

  const setPeer = (event) => {
    event.preventDefault();
    void attempt(async () => {
      drawButtons(await call("PUT", "peer", { url: url.value.trim() }));
      announce(t("Saved."));
    });
  };

  const run = (flow) =>
    attempt(async () => {
      for (const each of buttons.children) each.disabled = true;
      fill(result, h("p", {}, t("Running…")));
      try {
        last = await call("POST", `flows/${flow}/run`, session.value ? { session: session.value } : {});
        fill(result, resultOf(last, about.role));
      } catch (error) {
        fill(result);
        throw error;
      } finally {
        for (const each of buttons.children) each.disabled = false;
      }
    });

  fill(
    place,
    h(
      "section",
      { class: "card", "aria-labelledby": "play-title" },
      h("h2", { id: "play-title" }, t("Let the mock call your system")),
      h(
        "p",
        {},
        t("The mock then performs the client half of {role} against your system and judges the responses.", {
          role: t(ROLES[about.role]),
        }),
      ),
      h(
        "form",
        { class: "field", on: { submit: setPeer } },
        h("label", { for: "peer" }, t("Base URL of your system")),
        url,
        h("button", { type: "submit" }, t("Save")),
      ),
      h("p", { class: "field" }, h("label", { for: "session" }, t("For session")), session),
      buttons,
      told,
      result,
    ),
  );
}

function resultOf(run, role) {
  const calls = run.steps.map((each) => ({
    request: `${each.method} ${new URL(each.url).pathname.replace(/([0-9a-f]{4})[0-9a-f]{4}-[0-9a-f-]{27}/i, "$1…")}`,
    response: String(each.status ?? "–"),
    state: STATES[each.outcome] ?? "missing",
  }));
  const summary =
    run.error ??
    (run.state === "done" ? t("All steps succeeded.") : t("A step failed; the steps after it were not run."));
  return [
    h(
      "p",
      {},
      badge(run.state === "done" ? "pass" : "fail", run.state === "done" ? t("done") : t("failed")),
      " ",
      summary,
    ),
    calls.length > 0 &&
      h(
        "div",
        { class: "flow-parts" },
        diagram([capital(role), capital(OTHER[role])], calls, summary),
        h(
          "ol",
          { class: "steps" },
          run.steps.map((each) =>
            h(
              "li",
              {},
              h(
                "p",
                { class: "step-state" },
                badge(each.outcome),
                " ",
                h(
                  "a",
                  { href: `#/exchanges/${each.exchange}` },
                  tn("Exchange 1", "Exchange {n}", { n: each.exchange }),
                ),
              ),
              h("p", {}, said(each.words)),
              h("p", { class: "quiet" }, h("code", {}, each.rule), ` ${said(each.told)}`),
            ),
          ),
        ),
      ),
  ];
}
