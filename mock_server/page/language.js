// English and Dutch: which one is spoken, and how words, numbers and times are said in it.

import { recall, remember } from "./memory.js";
const LANGUAGES = ["en", "nl"];
const LOCALES = { en: "en-GB", nl: "nl-NL" };
/** The Dutch of each text by its English, made by `python -m tools.words`; without it everything is in English. */
const dutch = await fetch(new URL("words.json", import.meta.url))
  .then((answer) => (answer.ok ? answer.json() : {}))
  .catch(() => ({}));

let current = recall(localStorage, "language") ?? preferred();
if (!LANGUAGES.includes(current)) current = "en";

function preferred() {
  return navigator.languages.map((each) => each.slice(0, 2)).find((each) => LANGUAGES.includes(each)) ?? "en";
}

export const language = () => current;

/** @param {"en" | "nl"} wanted */
export function speak(wanted) {
  current = wanted;
  remember(localStorage, "language", wanted);
  showWords();
}

/** Puts the words of the language in the frame of the page. */
export function showWords() {
  document.documentElement.lang = current;
  for (const each of document.querySelectorAll("[data-t]")) {
    each.dataset.t ||= each.textContent;
    each.textContent = t(each.dataset.t);
  }
  for (const each of document.querySelectorAll("[data-label]")) {
    each.dataset.label ||= each.getAttribute("aria-label");
    each.setAttribute("aria-label", t(each.dataset.label));
  }
  for (const each of document.querySelectorAll("[data-language]")) {
    each.setAttribute("aria-pressed", String(each.dataset.language === current));
  }
}

/**
 * A text of the page in its language.
 * @param {string} text The text in English.
 * @param {Record<string, string | number>} [values] What is filled in.
 */
export const t = (text, values = {}) => filled(current === "nl" ? dutch[text] || text : text, values);

/**
 * A text of the page about a number of things, which is `n` of the values.
 * @param {string} one The text in English for one thing.
 * @param {string} many The text in English for any other number.
 * @param {Record<string, string | number>} values What is filled in.
 */
export function tn(one, many, values) {
  const forms = (current === "nl" && dutch[one]) || [one, many];
  return filled(forms[String(values.n) === "1" ? 0 : 1], values);
}

/** Marks a text that is looked up later, so that it is found and translated. @param {string} text */
export const m = (text) => text;

/** @param {string} text @param {Record<string, string | number>} values */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/**
 * A text that the control API gives in both languages.
 * @param {{en: string, nl: string} | null | undefined} text
 */
export const said = (text) => text?.[current] ?? "";

/** @param {number} value */
export const number = (value) => value.toLocaleString(LOCALES[current]);

/** A text with a capital. @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A time of the clock; the day and the minute when that is not today.
 * @param {string} iso
 */
export function clock(iso) {
  const at = new Date(iso);
  const time = { hour: "2-digit", minute: "2-digit" };
  if (at.toDateString() === new Date().toDateString())
    return at.toLocaleTimeString(LOCALES[current], { ...time, second: "2-digit" });
  const day = at.toLocaleDateString(LOCALES[current], { day: "numeric", month: "short" });
  return `${day} ${at.toLocaleTimeString(LOCALES[current], time)}`;
}

/**
 * A day and a time, for something planned.
 * @param {string} iso
 */
export function moment(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime())
    ? iso
    : at.toLocaleString(LOCALES[current], { dateStyle: "medium", timeStyle: "short" });
}
