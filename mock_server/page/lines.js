// A JSON value as lines of text, each with its place. Pure.

import { below, nameOf, parentOf } from "./pointer.js";

/**
 * @typedef {object} Line
 * @property {string} pointer What stands on the line.
 * @property {number} depth
 * @property {string} [name] The key before it.
 * @property {string} text
 * @property {"value" | "open" | "close" | "missing"} kind
 */

/**
 * @param {unknown} value
 * @param {Iterable<string>} [wanted] Pointers to whatever should have been there; those whose parent is an
 *   object get a line of their own.
 * @returns {Line[]}
 */
export function linesOf(value, wanted = []) {
  /** @type {Map<string, Set<string>>} */
  const missing = new Map();
  for (const pointer of wanted) {
    if (!pointer) continue;
    const parent = parentOf(pointer);
    missing.set(parent, (missing.get(parent) ?? new Set()).add(pointer));
  }
  /** @type {Line[]} */
  const lines = [];
  add(lines, missing, value, "", 0, {}, "");
  return lines;
}

function add(lines, missing, value, pointer, depth, name, comma) {
  if (value === null || typeof value !== "object") {
    lines.push({ pointer, depth, ...name, text: JSON.stringify(value) + comma, kind: "value" });
    return;
  }
  const isList = Array.isArray(value);
  const [begin, end] = isList ? "[]" : "{}";
  const members = Object.entries(value);
  const absent = isList ? [] : [...(missing.get(pointer) ?? [])].filter((each) => !Object.hasOwn(value, nameOf(each)));
  if (!members.length && !absent.length) {
    lines.push({ pointer, depth, ...name, text: begin + end + comma, kind: "value" });
    return;
  }
  lines.push({ pointer, depth, ...name, text: begin, kind: "open" });
  for (const each of absent)
    lines.push({ pointer: each, depth: depth + 1, name: nameOf(each), text: "", kind: "missing" });
  members.forEach(([key, member], index) => {
    const last = index === members.length - 1;
    add(lines, missing, member, below(pointer, key), depth + 1, isList ? {} : { name: key }, last ? "" : ",");
  });
  lines.push({ pointer, depth, text: end + comma, kind: "close" });
}

/**
 * The line that a violation is about: its own place, or the nearest around it that is there.
 * @param {Line[]} lines
 * @param {string} pointer
 * @returns {number} An index.
 */
export function placeOf(lines, pointer) {
  for (let at = pointer; ; at = parentOf(at)) {
    const found = lines.findIndex((line) => line.pointer === at);
    if (found >= 0 || !at) return Math.max(found, 0);
  }
}
