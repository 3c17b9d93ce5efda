// The token of the control API: asked for once, kept as long as the tab.

import { h } from "./dom.js";
import { t } from "./language.js";
import { recall, remember } from "./memory.js";

let token = recall(sessionStorage, "token");
/** @type {Promise<void> | null} */
let asking = null;

/** @type {(() => void)[]} */
let waiting = [];

/** Fulfilled when a token is given. @returns {Promise<void>} */
export const tokenGiven = () => new Promise((resolve) => waiting.push(resolve));

/** @returns {Record<string, string>} The header that carries the token, if there is one. */
export const credentials = () => (token ? { authorization: `Bearer ${token}` } : {});

/**
 * Asks for the token; several calls that are refused at once ask together.
 * @returns {Promise<void>} Rejects when none is given.
 */
export function askToken() {
  asking ??= ask(Boolean(token)).finally(() => (asking = null));
  return asking;
}

/** @param {boolean} again Whether the one that was there was refused. */
function ask(again) {
  return new Promise((resolve, reject) => {
    const input = h("input", {
      id: "token",
      type: "password",
      required: true,
      autocomplete: "off",
      autofocus: true,
      "aria-describedby": "token-help",
    });
    const dialog = h(
      "dialog",
      { "aria-labelledby": "token-title" },
      h(
        "form",
        { method: "dialog" },
        h("h2", { id: "token-title" }, t("Token for the control API")),
        h(
          "p",
          { id: "token-help" },
          again ? `${t("That token is not valid here.")} ` : "",
          t(
            "It was shown when the mock started, or is set in OOAPI_TOETS_CONTROL_TOKEN. It is kept until you close this tab.",
          ),
        ),
        h("label", { for: "token" }, t("Token")),
        input,
        h(
          "p",
          { class: "actions" },
          h("button", { type: "submit", class: "main" }, t("Use")),
          h("button", { type: "button", on: { click: () => dialog.close() } }, t("Cancel")),
        ),
      ),
    );
    dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      token = input.value.trim();
      remember(sessionStorage, "token", token);
      resolve();
      for (const each of waiting) each();
      waiting = [];
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      reject(new Error(t("Without a token this mock shows nothing."))); // of no effect after a token was given
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
