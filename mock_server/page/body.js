// A body with what is wrong in it marked at its place; of a long one, the middle is folded away.

import { h } from "./dom.js";
import { language, number, t } from "./language.js";
import { linesOf, placeOf } from "./lines.js";

const FOLD_FROM = 240;
const HEAD = 60;
const AROUND = 6;

/**
 * @typedef {object} Violation See `GET /requests/{id}`.
 * @property {string} in
 * @property {string} pointer
 * @property {string} message
 * @property {string} messageNl
 * @property {string} [expected]
 * @property {string} [got]
 * @property {string} [hint]
 * @property {string} [hintNl]
 * @property {string} rule
 */

/** @param {Violation} violation What it advises, if anything. */
export const hintOf = (violation) => (language() === "nl" && violation.hintNl) || violation.hint;

/** @param {Violation} violation */
export const messageOf = (violation) => (language() === "nl" && violation.messageNl) || violation.message;

/**
 * @param {unknown} value JSON, or a text that was none.
 * @param {Violation[]} violations Those that are in it.
 * @param {boolean} isText Whether it was no JSON.
 * @param {(violation: Violation, place: HTMLElement) => void} placed Told where each was marked.
 * @returns {HTMLElement}
 */
export function bodyOf(value, violations, isText, placed) {
  const rows = isText ? textRows(String(value), violations) : jsonRows(value, violations);
  const pre = h("pre", { class: "code body" });
  pre.append(...folded(rows, pre, placed));
  return pre;
}

/** @typedef {{parts: (Node | string)[], wrong: Violation[], indent?: string, missing?: boolean}} Row */

/** @returns {Row[]} */
function jsonRows(value, violations) {
  const lines = linesOf(
    value,
    violations.map((each) => each.pointer),
  );
  const rows = lines.map((line) => ({
    parts: partsOf(line),
    wrong: [],
    indent: indentOf(line.depth),
    missing: line.kind === "missing",
  }));
  for (const each of violations) rows[placeOf(lines, each.pointer)].wrong.push(each);
  return rows;
}

/** @returns {Row[]} */
function textRows(text, violations) {
  const rows = text.split("\n").map((line) => ({ parts: [line], wrong: [] }));
  for (const each of violations) {
    // The only place that a text has; the mock says it in words.
    const line = Number(/line (\d+)/.exec(each.message)?.[1] ?? 1);
    rows[Math.min(line, rows.length) - 1].wrong.push(each);
  }
  return rows;
}

const indentOf = (depth) => "  ".repeat(depth);

function partsOf({ depth, name, text, kind }) {
  const indent = indentOf(depth);
  const key = name === undefined ? [] : [h("span", { class: "key" }, JSON.stringify(name)), ": "];
  if (kind === "missing") return [indent, ...key, h("em", {}, t("missing"))];
  return [
    indent,
    ...key,
    kind === "value" ? h("span", { class: text.startsWith('"') ? "string" : "other" }, text) : text,
  ];
}

/** The rows, those that nobody needs to see behind a button. */
function folded(rows, pre, placed) {
  const shown = rows.map((_, index) => rows.length <= FOLD_FROM || index < HEAD || index === rows.length - 1);
  rows.forEach((row, index) => {
    if (row.wrong.length) shown.fill(true, Math.max(index - AROUND, 0), index + AROUND + 1);
  });
  const parts = [];
  for (let at = 0; at < rows.length;) {
    let end = at + 1;
    while (end < rows.length && shown[end] === shown[at]) end += 1;
    const run = rows.slice(at, end);
    parts.push(...(shown[at] ? run.map((row) => lineOf(row, placed)) : [fold(run, placed)]));
    at = end;
  }
  return parts;
}

function fold(run, placed) {
  const button = h(
    "button",
    { type: "button", class: "fold", on: { click: unfold } },
    t("Show {n} more lines", { n: number(run.length) }),
  );
  function unfold() {
    const lines = run.map((row) => lineOf(row, placed));
    button.replaceWith(...lines);
    lines[0].tabIndex = -1;
    lines[0].focus();
  }
  return button;
}

/**
 * A line of code, with what is wrong there below it.
 * @param {Row} row
 * @param {(violation: Violation, place: HTMLElement) => void} placed
 */
export function lineOf({ parts, wrong, indent = "", missing = false }, placed) {
  if (!wrong.length) return h("span", { class: "line" }, ...parts, "\n");
  const line = h(
    "mark",
    { class: `line wrong${missing ? " missing" : ""}`, tabindex: -1 },
    ...parts,
    "\n",
    wrong.map((each) => h("span", { class: "note" }, h("code", {}, indent), `▲ ${messageOf(each)}`, "\n")),
  );
  for (const each of wrong) placed(each, line);
  return line;
}
