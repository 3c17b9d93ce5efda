// What the client of this mock has shown: the verdict so far, each flow as a diagram with steps for people, coverage.

import { get } from "./api.js";
import { badge } from "./badges.js";
import { diagram } from "./diagram.js";
import { fill, h } from "./dom.js";
import { OTHER, ROLES, info } from "./info.js";
import { capital, m, number, said, t, tn } from "./language.js";
import { playing } from "./playing.js";

/** @typedef {"seen" | "missing" | "wrong" | "warned"} StepState */

const STATES = {
  seen: ["pass", m("tested")],
  missing: ["not exercised", m("not tested yet")],
  wrong: ["fail", m("wrong")],
  warned: ["warn", m("tested, with a warning")],
};

/**
 * @param {HTMLElement} root
 * @returns {import("./main.js").View}
 */
export function flows(root) {
  const heading = h("h1", { tabindex: -1 }, t("Flows and coverage"));
  const verdict = h("div", {});
  const cards = h("div", { class: "flows" });
  const covered = h("div", {});
  const play = h("div", {});
  fill(root, h("div", { class: "page" }, heading, verdict, cards, play, covered));
  /** What each part was made from, so that only what is new is made again. */
  const made = new Map();

  function renew(place, data, make) {
    const text = JSON.stringify(data);
    if (made.get(place) === text) return;
    made.set(place, text);
    const opened = [...place.querySelectorAll("details[open]")].map((each) => each.dataset.name);
    fill(place, make());
    for (const each of place.querySelectorAll("details")) if (opened.includes(each.dataset.name)) each.open = true;
  }

  async function load() {
    const [about, listed, coverage, report] = await Promise.all([info(), get("flows"), get("coverage"), get("report")]);
    const { finishedAt, ...judged } = report;
    renew(verdict, judged, () => verdictBox(report));
    renew(cards, [listed, coverage], () => listed.map((each) => card(each, coverage, about.role)));
    renew(covered, coverage, () => coverageTable(coverage));
  }

  return {
    async show() {
      await load();
      if (!play.firstChild) await playing(play);
      return heading;
    },
    changed: load,
    close() {},
  };
}

/** Outcomes in the order of the attention that they ask for. */
const ATTENTION = ["fail", "error", "warn", "disputed", "not exercised", "pass", "not applicable"];
const VERDICTS = {
  conformant: m("Conformant so far"),
  "not conformant": m("Not conformant so far"),
  incomplete: m("Incomplete: not everything has been tested yet"),
  "no verdict": m("No verdict"),
};

function verdictBox(report) {
  const counted = ATTENTION.map((outcome) => [outcome, report.counts[outcome]]).filter(([, count]) => count > 0);
  const of = (outcome) => report.rules.filter((each) => each.outcome === outcome);
  return h(
    "section",
    { class: `verdict ${report.verdict.replace(" ", "-")}`, "aria-labelledby": "verdict-title" },
    h(
      "p",
      { class: "kicker" },
      tn(
        "{client} as a client of this mock, after 1 exchange",
        "{client} as a client of this mock, after {n} exchanges",
        { client: t(ROLES[report.role]), n: number(report.requests) },
      ),
    ),
    h("h2", { id: "verdict-title" }, t(VERDICTS[report.verdict])),
    h(
      "ul",
      { class: "tally" },
      counted.map(([outcome, count]) => h("li", {}, badge(outcome), ` ${count}`)),
    ),
    h(
      "ul",
      { class: "found" },
      [...of("fail"), ...of("warn")].map((each) =>
        h(
          "li",
          { class: each.outcome },
          h(
            "p",
            {},
            badge(each.outcome),
            " ",
            h("code", {}, each.id),
            " ",
            each.exchanges.map((id) =>
              h("a", { href: `#/exchanges/${id}` }, tn("Exchange 1", "Exchange {n}", { n: id })),
            ),
          ),
          h("p", {}, said(each.sentence)),
          h("p", { class: "quiet" }, said(each.reason)),
        ),
      ),
    ),
    ruleList(
      "not exercised",
      (n) => tn("1 rule not tested yet", "{n} rules not tested yet", { n }),
      of("not exercised"),
    ),
    ruleList("pass", (n) => tn("1 rule that was followed", "{n} rules that were followed", { n }), of("pass")),
  );
}

function ruleList(outcome, words, rules) {
  if (!rules.length) return null;
  return h(
    "details",
    { "data-name": outcome },
    h("summary", {}, words(rules.length)),
    h(
      "ul",
      { class: "plain" },
      rules.map((each) =>
        h(
          "li",
          {},
          badge(outcome),
          " ",
          h("code", {}, each.id),
          " ",
          h("span", { class: "level" }, each.level),
          " ",
          said(each.sentence),
        ),
      ),
    ),
  );
}

/** The state of a step: wrong and warned outweigh seen, for a mistake is not undone by a later success. */
function stateOf(step, coverage) {
  const outcomes = step.rules.map((rule) => coverage.rules[rule]?.outcome);
  if (outcomes.includes("fail")) return "wrong";
  if (!step.seen) return "missing";
  return outcomes.includes("warn") ? "warned" : "seen";
}

function card(flow, coverage, role) {
  const operations = new Map(coverage.operations.map((each) => [each.operation, each]));
  const states = flow.steps.map((each) => stateOf(each, coverage));
  const calls = flow.steps.map((step, index) => {
    const operation = operations.get(step.operation);
    return { request: `${operation.method} ${operation.path}`, response: "200", state: states[index] };
  });
  const label = `${said(flow.title)}: ${states.map((each, index) => `${calls[index].request} ${t(STATES[each][1])}`).join("; ")}`;
  return h(
    "section",
    { class: "card flow", "data-flow": flow.id, "aria-labelledby": `flow-${flow.id}` },
    h("h2", { id: `flow-${flow.id}` }, said(flow.title)),
    h(
      "div",
      { class: "flow-parts" },
      diagram([capital(OTHER[role]), capital(role)], calls, label),
      h(
        "ol",
        { class: "steps" },
        flow.steps.map((step, index) => stepItem(step, states[index], coverage)),
      ),
    ),
  );
}

function stepItem(step, state, coverage) {
  const [outcome, words] = STATES[state];
  const seen = coverage.steps[step.step];
  return h(
    "li",
    {},
    h(
      "p",
      { class: "step-state" },
      badge(outcome, t(words)),
      seen &&
        step.seen &&
        h(
          "span",
          { class: "quiet" },
          ` ${tn("called once, in", "called {n} times, last in", { n: seen.count })} `,
          h("a", { href: `#/exchanges/${seen.last}` }, tn("Exchange 1", "Exchange {n}", { n: seen.last })),
        ),
    ),
    h("p", {}, said(step.sends)),
    h("p", {}, said(step.answer)),
    h("p", { class: "quiet" }, said(step.checks)),
    h(
      "ul",
      { class: "rules" },
      step.rules.map((rule) => {
        const tally = coverage.rules[rule];
        return h(
          "li",
          {},
          badge(tally?.outcome ?? "not exercised"),
          " ",
          h("code", {}, rule),
          " ",
          tally &&
            tally.outcome !== "pass" &&
            h("a", { href: `#/exchanges/${tally.exchange}` }, tn("Exchange 1", "Exchange {n}", { n: tally.exchange })),
        );
      }),
    ),
  );
}

function coverageTable({ operations, unmatched, exchanges }) {
  return h(
    "section",
    { "aria-labelledby": "coverage-title" },
    h("h2", { id: "coverage-title" }, t("Coverage")),
    h(
      "p",
      {},
      tn(
        "Operations called and statuses returned, in 1 exchange.",
        "Operations called and statuses returned, in {n} exchanges.",
        { n: number(exchanges) },
      ),
    ),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          [t("Operation"), t("Answered with")].map((each) => h("th", { scope: "col" }, each)),
        ),
      ),
      h(
        "tbody",
        {},
        operations.map((each) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, h("code", {}, `${each.method} ${each.path}`)),
            h("td", {}, statuses(each.statuses)),
          ),
        ),
        unmatched > 0 &&
          h(
            "tr",
            {},
            h("th", { scope: "row" }, t("Requests that are not in the contract")),
            h("td", {}, `${number(unmatched)}×`),
          ),
      ),
    ),
  );
}

function statuses(counted) {
  const found = Object.entries(counted);
  if (!found.length) return h("span", { class: "quiet" }, t("never called"));
  return found.map(([status, count]) =>
    h("span", { class: `tag status-${status[0]}` }, `${status === "0" ? t("nothing") : status} · ${number(count)}×`),
  );
}
