// Which sandbox is looked at, and the way to another.

import { get } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { info, pageOf } from "./info.js";
import { number, t, tn } from "./language.js";

const NAME = "[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}";

/** Makes the menu work. */
export function sandboxMenu() {
  const menu = /** @type {HTMLDetailsElement} */ (byId("sandboxes"));
  menu.addEventListener("toggle", () => menu.open && void draw(menu));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

/** Says which one it is. */
export async function showSandbox() {
  const about = await info();
  byId("sandboxes").querySelector("summary").textContent = t("Sandbox: {name}", {
    name: about.sandbox || t("default"),
  });
}

async function draw(menu) {
  const [about, listed] = await Promise.all([info(), get("sandboxes")]);
  const input = h("input", {
    id: "sandbox-name",
    required: true,
    pattern: NAME,
    maxlength: 64,
    autocomplete: "off",
    placeholder: "pipeline-7",
  });
  const go = (event) => {
    event.preventDefault();
    location.href = pageOf(about, input.value);
  };
  fill(
    menu.querySelector(".sheet"),
    h("p", {}, t("Each sandbox has its own sessions, exchanges and faults.")),
    h(
      "ul",
      { class: "plain" },
      listed.map((each) =>
        h(
          "li",
          {},
          h(
            "a",
            { href: pageOf(about, each.name), "aria-current": each.name === about.sandbox && "true" },
            each.name || t("default"),
          ),
          h("span", { class: "quiet" }, ` ${tn("1 exchange", "{n} exchanges", { n: number(each.exchanges) })}`),
        ),
      ),
    ),
    h(
      "form",
      { class: "field", on: { submit: go } },
      h("label", { for: "sandbox-name" }, t("New sandbox")),
      input,
      h("button", { type: "submit" }, t("Open")),
    ),
  );
}
