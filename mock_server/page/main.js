// Starts the page: which view is shown, in which language, and what happens when something happens.

import { byId, announce, fill, h } from "./dom.js";
import { exchanges } from "./exchanges.js";
import { faults } from "./faults.js";
import { flows } from "./flows.js";
import { info } from "./info.js";
import { follow, load, receive } from "./journal.js";
import { capital, m, showWords, speak, t } from "./language.js";
import { askReset } from "./reset.js";
import { sandboxMenu, showSandbox } from "./sandboxes.js";
import { sessions } from "./sessions.js";
import { setup } from "./setup.js";
import { listen } from "./stream.js";

/**
 * @typedef {object} View
 * @property {(part?: string) => Promise<HTMLElement>} show Shows it, or one thing in it; gives the heading to go to.
 * @property {(added: import("./journal.js").Summary[] | null) => unknown} changed Exchanges came in, or everything is new.
 * @property {() => void} close
 */

/** @type {Record<string, (root: HTMLElement) => View>} */
const VIEWS = { exchanges, state: sessions, flows, faults, setup };
const TITLES = {
  exchanges: m("Exchanges"),
  state: m("Sessions"),
  flows: m("Flows and coverage"),
  faults: m("Faults"),
  setup: m("Set-up"),
};
const CONNECTION = { live: m("Live"), lost: m("Connection lost, reconnecting"), waiting: m("Connecting") };
/** Views that ask the mock again do so no sooner than this after the last time, in milliseconds. */
const PACE = 400;

const main = byId("main");
/** @type {{name: string, view: View} | null} */
let shown = null;

function where() {
  const [name, part] = location.hash
    .replace(/^#\/?/, "")
    .split("/")
    .map((each) => {
      try {
        return decodeURIComponent(each);
      } catch {
        return each;
      }
    });
  return { name: Object.hasOwn(VIEWS, name) ? name : "exchanges", part };
}

/** @param {boolean} moved Whether somebody went there, so that the focus goes along. */
async function route(moved) {
  const { name, part } = where();
  if (shown?.name !== name) {
    shown?.view.close();
    shown = { name, view: VIEWS[name](main) };
    added = []; // it begins with all that is there
    main.dataset.view = name;
  }
  for (const link of document.querySelectorAll("[data-view]:not(main)")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const current = shown;
  await attempt(async () => {
    const heading = await current.view.show(part);
    await frame(name);
    if (moved && current === shown) heading.focus({ preventScroll: Boolean(part) });
  });
}

/** The words around the view: whose mock it is. */
async function frame(view) {
  const about = await info();
  byId("role").textContent = t("Mock {role}", { role: capital(about.role) });
  byId("edition").textContent = t("edition {name}", { name: about.edition });
  document.title = `${t(TITLES[view])} – ${t("Mock {role}", { role: capital(about.role) })}`;
  await showSandbox();
}

/** Does what may go wrong, and says so in the place of the view when it does. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    const again = h(
      "button",
      {
        type: "button",
        on: {
          click: () => {
            shown = null;
            void route(true);
          },
        },
      },
      t("Try again"),
    );
    fill(
      main,
      h(
        "div",
        { class: "page" },
        h("h1", { tabindex: -1 }, t("Something went wrong")),
        h("p", { class: "alert", role: "alert" }, error.message),
        again,
      ),
    );
    shown = null;
  }
}

/** What came in since the view was renewed; null when everything is new. @type {import("./journal.js").Summary[] | null} */
let added = [];
let renewing = false;

follow((entries) => {
  if (shown?.name === "exchanges") {
    shown.view.changed(entries);
    return;
  }
  added = entries && added ? [...added, ...entries] : null;
  void renew();
});

/** One at a time, so that an older answer never comes after a newer one. */
async function renew() {
  if (renewing) return;
  renewing = true;
  while (added === null || added.length) {
    await new Promise((resolve) => setTimeout(resolve, PACE));
    const news = added;
    added = [];
    if (news?.length === 0) break;
    try {
      await shown?.view.changed(news);
    } catch {
      // What cannot be asked now is asked after the next exchange; the connection says that something is wrong.
    }
  }
  renewing = false;
}

/** @param {"live" | "lost" | "waiting"} state */
function connected(state) {
  const sign = byId("connection");
  const before = sign.dataset.state;
  sign.dataset.state = state;
  sign.textContent = t(CONNECTION[state]);
  if (state !== before && before !== "waiting") announce(sign.textContent);
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    speak(button.dataset.language);
    connected(byId("connection").dataset.state);
    shown?.view.close();
    shown = null;
    void route(false);
  });
}
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
byId("reset").addEventListener("click", () =>
  askReset(async () => {
    await load();
    await route(false);
  }),
);
addEventListener("hashchange", () => void route(true));

showWords();
connected("waiting");
sandboxMenu();
await route(false);
listen({
  opened: () =>
    void load().then(
      () => connected("live"),
      () => {},
    ),
  told: (name, data) => (name === "exchange" ? receive(data) : void load().catch(() => {})),
  lost: () => connected("lost"),
});
