// Back to the beginning, after asking.

import { call } from "./api.js";
import { announce, h } from "./dom.js";
import { t } from "./language.js";

/** @param {() => unknown} done Called when it was reset. */
export function askReset(done) {
  const parts = [
    ["state", t("Sessions: back to the initial sessions")],
    ["journal", t("Exchanges, coverage and faults: all removed")],
  ].map(([name, label]) => [name, label, h("input", { type: "checkbox", id: `reset-${name}`, checked: true })]);
  const told = h("p", { class: "alert", role: "alert", hidden: true });
  const dialog = h(
    "dialog",
    { "aria-labelledby": "reset-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "reset-title" }, t("Reset this sandbox?")),
      h("p", {}, t("This cannot be undone.")),
      parts.map(([name, label, box]) => h("p", {}, h("label", { class: "choice", for: `reset-${name}` }, box, label))),
      told,
      h(
        "p",
        { class: "actions" },
        h("button", { type: "submit", class: "main" }, t("Reset")),
        h("button", { type: "button", autofocus: true, on: { click: () => dialog.close() } }, t("Cancel")),
      ),
    ),
  );
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const only = parts.filter(([, , box]) => box.checked).map(([name]) => name);
    try {
      if (only.length) await call("POST", `reset?only=${only.join(",")}`);
    } catch (error) {
      told.textContent = error.message;
      told.hidden = false;
      return;
    }
    dialog.close();
    if (!only.length) return;
    await done();
    announce(t("Reset completed."));
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
