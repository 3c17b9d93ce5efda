// Outcomes and verdicts as a sign, a word and only then a colour; rule and session ids in short.

import { h } from "./dom.js";
import { m, t } from "./language.js";

const OUTCOMES = {
  pass: m("pass"),
  fail: m("fail"),
  warn: m("warning"),
  disputed: m("disputed"),
  error: m("error of the mock"),
  "not exercised": m("not tested"),
  "not applicable": m("not applicable"),
};

/** @param {string} outcome @param {string} [word] Another word than the usual one. */
export function badge(outcome, word = t(OUTCOMES[outcome])) {
  return h("span", { class: `badge ${outcome.replace(" ", "-")}` }, word);
}

const BECAME = {
  accepted: m("accepted"),
  refused: m("refused"),
  unmatched: m("unknown request"),
  faulted: m("simulated fault"),
  failed: m("failed"),
};

/** What became of an exchange, in a word. @param {string} outcome */
export const became = (outcome) => t(BECAME[outcome] ?? outcome);

const UUID = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const SESSION = new RegExp(` (?:(?:of|van) )?${UUID.source}`, "i");

/** A text with only the beginning of each id, as people read them. @param {string} text */
export const brief = (text) => text.replace(UUID, "$1…");

/** What a call did, where the session that it did it to stands beside it. @param {string} text */
export const withoutSession = (text) => text.replace(SESSION, "");
