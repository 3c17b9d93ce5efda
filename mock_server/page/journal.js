// The exchanges that the page knows of, newest first and bounded; those who show them hear of new ones by the frame.

import { get } from "./api.js";

/**
 * @typedef {object} Summary One line of the journal; see `GET /requests`.
 * @property {number} id
 * @property {string} startedAt
 * @property {number} durationMs
 * @property {string} client
 * @property {string | null} credential
 * @property {string} method
 * @property {string} path
 * @property {string | null} operation
 * @property {string | null} session
 * @property {number} status
 * @property {string} outcome
 * @property {string | null} verdict
 * @property {string[]} broken
 * @property {{en: string, nl: string} | null} effect
 * @property {string | null} fault
 * @property {"in" | "out"} direction
 */

const MOST = 1_000;

/** @type {Summary[]} */
let entries = [];
/** @type {Summary[]} */
let waiting = [];
let frame = 0;
/** What came in while the list was asked for, which the list may have missed. @type {Summary[]} */
let meanwhile = [];
let asking = 0;
/** @type {((added: Summary[] | null) => void)[]} */
const listeners = [];

/** Every exchange that is known, newest first. */
export const known = () => entries;

/**
 * @param {(added: Summary[] | null) => void} listener Called with what came in, or with null when everything is new.
 */
export function follow(listener) {
  listeners.push(listener);
}

/** Asks for the whole list, as it is now. */
export async function load() {
  asking += 1;
  try {
    const { items } = await get(`requests?limit=${MOST}`);
    entries = items;
    for (const each of meanwhile) insert(each);
  } finally {
    asking -= 1;
    if (!asking) meanwhile = [];
  }
  tell(null);
}

/**
 * Takes an exchange that has just ended.
 * @param {Summary} entry
 */
export function receive(entry) {
  if (asking) meanwhile.push(entry);
  waiting.push(entry);
  if (waiting.length > MOST) waiting.shift();
  frame ||= requestAnimationFrame(flush);
}

function flush() {
  frame = 0;
  const added = waiting.filter(insert);
  waiting = [];
  entries.length = Math.min(entries.length, MOST);
  if (added.length) tell(added);
}

/** Whether an entry was new. They are told in the order of ending, so the place is near the top. */
function insert(entry) {
  let at = 0;
  while (at < entries.length && entries[at].id > entry.id) at += 1;
  if (entries[at]?.id === entry.id) return false;
  entries.splice(at, 0, entry);
  return true;
}

function tell(added) {
  for (const each of listeners) each(added);
}
