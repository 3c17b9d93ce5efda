// One session: what is remembered of it, who takes part, its report, and how it came to be so.

import { ApiError, get } from "./api.js";
import { brief, withoutSession } from "./badges.js";
import { bodyOf } from "./body.js";
import { fill, h } from "./dom.js";
import { clock, moment, said, t, tn } from "./language.js";

const LONGEST = 90;
const OWN = new Set(["irregularities", "documents", "consumerKey"]);

/**
 * Shows a session.
 * @param {HTMLElement} pane
 * @param {string} id
 * @param {() => void} close
 * @returns {Promise<HTMLElement>} Its heading.
 */
export async function showSession(pane, id, close) {
  pane.dataset.shown = id;
  const path = `state/${encodeURIComponent(id)}`;
  const [found, history] = await Promise.all([get(path).catch(notFound), get(`${path}/history`)]);
  if (pane.dataset.shown !== id) return pane.querySelector("h2") ?? pane; // somebody has gone on to another
  const offering = found?.offering;
  const heading = h("h2", { id: "session-title", tabindex: -1 }, offering?.name?.[0]?.value ?? t("Unknown session"));
  const scrolled = pane.scrollTop;
  fill(
    pane,
    h(
      "div",
      { class: "pane-top" },
      heading,
      h("button", { type: "button", class: "close", on: { click: close } }, t("Close")),
    ),
    h("p", { class: "meta" }, h("code", {}, id)),
    offering ? facts(offering) : h("p", {}, t("The mock does not have this session. What is known about it:")),
    found && people(found.associations),
    offering && report(offering),
    historyOf(history, new Map((found?.associations ?? []).map((each) => [each.associationId.toLowerCase(), each]))),
    offering &&
      h(
        "details",
        {},
        h("summary", {}, t("As JSON")),
        bodyOf(found, [], false, () => {}),
      ),
  );
  pane.scrollTop = scrolled;
  return heading;
}

function notFound(error) {
  if (error instanceof ApiError && error.status === 404) return null;
  throw error;
}

const consumerOf = (offering) => offering.consumers?.find((each) => each.consumerKey === "nl-test-admin") ?? {};

function facts(offering) {
  const consumer = consumerOf(offering);
  const rows = [
    [t("Code"), offering.primaryCode?.code],
    [t("Starts"), moment(offering.startDateTime)],
    [t("Ends"), moment(offering.endDateTime)],
    ...Object.entries(consumer)
      .filter(([name]) => !OWN.has(name))
      .map(([name, value]) => [h("code", {}, name), brevity(value)]),
  ];
  return h(
    "dl",
    { class: "facts-list" },
    rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value ?? "–"))),
  );
}

function people(associations) {
  return h(
    "section",
    {},
    h("h3", {}, tn("1 participant", "{n} participants", { n: associations.length })),
    associations.length > 0 &&
      h(
        "div",
        { class: "wide", tabindex: 0, role: "group", "aria-label": t("Participants") },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              [t("Person"), t("Role"), t("Status"), t("Id")].map((each) => h("th", { scope: "col" }, each)),
            ),
          ),
          h(
            "tbody",
            {},
            associations.map((each) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, nameOf(each.person)),
                h("td", {}, each.role),
                h("td", {}, each.state),
                h("td", {}, h("code", { title: each.associationId }, brief(each.associationId))),
              ),
            ),
          ),
        ),
      ),
  );
}

const nameOf = (person) =>
  person?.displayName ?? ([person?.givenName, person?.surnamePrefix, person?.surname].filter(Boolean).join(" ") || "–");

function report(offering) {
  const { irregularities, documents } = consumerOf(offering);
  return h(
    "section",
    {},
    h("h3", {}, t("Report")),
    irregularities && h("p", {}, irregularities),
    documents?.length > 0 &&
      h(
        "ul",
        {},
        documents.map((each) =>
          h(
            "li",
            {},
            each.documentName,
            " ",
            h("span", { class: "quiet" }, `${each.documentType}, ${each.documentId}`),
          ),
        ),
      ),
    !irregularities && !documents?.length && h("p", { class: "quiet" }, t("Not sent yet.")),
  );
}

function historyOf({ changes, evicted }, byId) {
  let before = null;
  const items = changes.map((change) => {
    const item = changeItem(change, before, byId);
    before = change.offering ?? before;
    return item;
  });
  return h(
    "section",
    {},
    h("h3", {}, t("History")),
    items.length > 0
      ? h("ol", { class: "history" }, items.reverse())
      : h("p", { class: "quiet" }, t("No request has changed it.")),
    evicted > 0 && h("p", { class: "quiet" }, t("Older changes may be missing: their exchanges are no longer kept.")),
  );
}

function changeItem({ at, exchange, effect, offering }, before, byId) {
  const who = (id) => (nameOf(byId.get(id)?.person) === "–" ? brief(id) : nameOf(byId.get(id).person));
  const list = effect.list ?? { added: [], removed: [], changed: [] };
  const moved = [
    ...list.added.map((id) => ["+", id]),
    ...list.removed.map((id) => ["−", id]),
    ...list.changed.map((id) => ["~", id]),
  ];
  return h(
    "li",
    {},
    h(
      "p",
      {},
      h("time", { datetime: at }, clock(at)),
      " ",
      h("a", { href: `#/exchanges/${exchange}` }, tn("Exchange 1", "Exchange {n}", { n: exchange })),
    ),
    h("p", {}, withoutSession(said(effect.words))),
    moved.length > 0 &&
      h(
        "ul",
        { class: "moved" },
        moved.slice(0, 20).map(([sign, id]) => h("li", {}, h("span", { class: "sign" }, sign), " ", who(id))),
        moved.length > 20 && h("li", {}, "…"),
      ),
    before &&
      offering &&
      h(
        "ul",
        { class: "moved" },
        (effect.attributes ?? []).map((name) =>
          h(
            "li",
            {},
            h("code", {}, name),
            ": ",
            h("del", {}, brevity(before[name])),
            " → ",
            h("ins", {}, brevity(offering[name])),
          ),
        ),
      ),
  );
}

function brevity(value) {
  if (value === undefined) return "–";
  const isPlainList = Array.isArray(value) && value.every((each) => typeof each === "string");
  const text = isPlainList ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
