// A text that can be copied.

import { announce, h } from "./dom.js";
import { t } from "./language.js";

/**
 * @param {string} text
 * @param {string} label What it is, for those who cannot see where it stands.
 * @returns {HTMLElement}
 */
export function copyable(text, label) {
  const pre = h("pre", { class: "code", "aria-label": label, role: "group" }, text);
  return h(
    "div",
    { class: "copyable" },
    pre,
    copyButton(() => text, `${t("Copy")}: ${label}`, pre),
  );
}

/**
 * @param {() => string} text
 * @param {string} label
 * @param {HTMLElement} [shown] Where the text is shown, to be selected when the browser does not let it be copied.
 * @param {string} [word] What stands on the button.
 */
export function copyButton(text, label, shown, word = t("Copy")) {
  const button = h("button", { type: "button", class: "copy", "aria-label": label, on: { click: copy } }, word);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      // Over plain HTTP from another machine there is no clipboard, but there is a selection.
      if (shown) getSelection()?.selectAllChildren(shown);
      announce(t("Selected; copy it with the keyboard."));
      return;
    }
    button.textContent = t("Copied");
    setTimeout(() => (button.textContent = word), 1_500);
    announce(t("Copied"));
  }
  return button;
}
