// One exchange: what was wrong, what it did, request and answer with every violation at its place, how to repeat it.

import { ApiError, get, open } from "./api.js";
import { badge, became } from "./badges.js";
import { bodyOf, hintOf, lineOf, messageOf } from "./body.js";
import { copyable, copyButton } from "./copy.js";
import { fill, h } from "./dom.js";
import { clock, m, number, said, t, tn } from "./language.js";

/** Bodies up to this size come with the exchange, longer ones with its recording. */
const SHOWN_BYTES = 20_000;

/**
 * Shows an exchange.
 * @param {HTMLElement} pane
 * @param {string} id
 * @param {() => void} close
 * @returns {Promise<HTMLElement>} Its heading.
 */
export async function showExchange(pane, id, close) {
  const heading = h("h2", { tabindex: -1, id: "exchange-title" }, tn("Exchange 1", "Exchange {n}", { n: id }));
  const top = h(
    "div",
    { class: "pane-top" },
    heading,
    copyButton(() => location.href, t("Copy link"), undefined, t("Copy link")),
    h("button", { type: "button", class: "close", on: { click: close } }, t("Close")),
  );
  pane.dataset.shown = id;
  let content;
  try {
    const found = await get(`requests/${encodeURIComponent(id)}`);
    content = await parts(found);
  } catch (error) {
    const gone = error instanceof ApiError && error.status === 404;
    content = [
      h(
        "p",
        { class: "alert" },
        gone
          ? t("The mock no longer has this exchange: it was reset or restarted, or newer exchanges replaced it.")
          : error.message,
      ),
    ];
  }
  if (pane.dataset.shown !== id) return pane.querySelector("h2") ?? pane; // somebody has gone on to another
  fill(pane, top, ...content);
  pane.scrollTop = 0;
  return heading;
}

async function parts(found) {
  /** Where each violation is marked. @type {Map<object, HTMLElement>} */
  const places = new Map();
  const wrong = found.findings.filter((each) => each.outcome !== "pass");
  const violations = wrong.flatMap((each) => each.violations);
  const placed = (violation, place) => places.set(violation, place);
  const whole = await recordingOf(found);
  const asked = violations.filter((each) => each.in !== "answer");
  const told = violations.filter((each) => each.in === "answer");
  return [
    meta(found),
    found.fault &&
      h(
        "p",
        { class: "planned" },
        badge("not exercised", t("simulated fault")),
        " ",
        t("Simulated fault:"),
        " ",
        h("span", { lang: "en" }, found.fault),
      ),
    found.effect && h("section", {}, h("h3", {}, t("Effect")), h("p", { class: "effect" }, said(found.effect))),
    wrong.length > 0 &&
      h(
        "section",
        { class: "broken" },
        h("h3", {}, t("What was wrong")),
        h(
          "ul",
          { class: "found" },
          wrong.map((each) => finding(each, places)),
        ),
      ),
    h(
      "section",
      {},
      h("h3", {}, t("Request")),
      ...message(found.request, requestLine(found), asked, whole.request, placed),
    ),
    h(
      "section",
      {},
      h("h3", {}, t("Response")),
      found.response
        ? message(found.response, String(found.status), told, whole.response, placed)
        : h("p", { class: "quiet" }, t("No response was sent.")),
    ),
    inOrder(found.findings.filter((each) => each.outcome === "pass")),
    h(
      "section",
      {},
      h("h3", {}, t("Repeat")),
      copyable(found.curl, t("Repeat")),
      /masked-/.test(found.curl) &&
        h("p", { class: "quiet" }, t("Personal data are masked in this command; Set-up can show them.")),
    ),
  ];
}

function meta(found) {
  return h(
    "p",
    { class: "meta" },
    found.verdict && badge(found.verdict),
    " ",
    h("strong", {}, `${found.status || "–"} ${became(found.outcome)}`),
    h("span", {}, clock(found.startedAt)),
    h("span", {}, `${number(found.durationMs)} ms`),
    h(
      "span",
      {},
      found.direction === "out"
        ? t("sent by the mock to the other system")
        : t("from {who}", { who: found.credential ?? found.client }),
    ),
    found.operation && h("code", {}, found.operation),
    found.session && h("a", { href: `#/state/${encodeURIComponent(found.session)}` }, t("to the session")),
  );
}

function finding({ rule, level, outcome, sentence, source, violations }, places) {
  return h(
    "li",
    { class: outcome },
    h("p", {}, badge(outcome), " ", h("code", {}, rule), " ", h("span", { class: "level" }, level)),
    h("p", { class: "sentence" }, said(sentence)),
    h(
      "ul",
      { class: "violations" },
      violations.map((each) => violationItem(each, places)),
    ),
    source.length > 0 && h("p", { class: "quiet source" }, `${t("Source")}: ${source.join("; ")}`),
  );
}

function violationItem(violation, places) {
  const show = () => {
    const place = places.get(violation);
    place?.scrollIntoView({ block: "center" });
    place?.focus({ preventScroll: true });
  };
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "place", title: t("Show where"), on: { click: show } },
      `${t(IN[violation.in] ?? IN.body)} ${violation.pointer || "/"}`,
    ),
    " ",
    messageOf(violation),
    violation.got &&
      violation.keyword !== "required" &&
      h("span", { class: "quiet" }, ` (${t("received")}: `, h("code", {}, kindOf(violation.got)), ")"),
    violation.hint && h("span", { class: "hint" }, `${t("Hint")}: ${hintOf(violation)}`),
  );
}

const IN = { body: m("body"), path: m("path"), query: m("query"), header: m("header"), answer: m("response") };
const KINDS = {
  nothing: m("nothing"),
  string: m("a string"),
  object: m("an object"),
  array: m("a list"),
  number: m("a number"),
  boolean: m("true or false"),
};
const kindOf = (got) => (KINDS[got] ? t(KINDS[got]) : got);

const requestLine = ({ method, request }) => `${method} ${request.url.replace(/^https?:\/\/[^/]+/, "")}`;

/** The first line, the header lines and the body of a request or an answer. */
function message({ headers, body, size }, firstLine, violations, whole, placed) {
  const names = new Set(headers.map(([name]) => name));
  const inBody = violations.filter((each) => each.in === "body" || each.in === "answer");
  const atHeader = violations.filter((each) => each.in === "header" && each.pointer);
  const atLine = violations.filter((each) => !inBody.includes(each) && !atHeader.includes(each));
  const hasBody = body !== null;
  const absent = atHeader.map((each) => each.pointer.slice(1)).filter((name) => !names.has(name));
  return [
    h("pre", { class: "code first" }, marked(firstLine, hasBody ? atLine : [...atLine, ...inBody], placed)),
    h(
      "details",
      { open: atHeader.length > 0, class: "headers" },
      h("summary", {}, tn("1 header line", "{n} header lines", { n: headers.length })),
      h(
        "pre",
        { class: "code" },
        [...headers, ...absent.map((name) => [name, t("missing")])].map(([name, value]) =>
          marked(
            `${name}: ${value}`,
            atHeader.filter((each) => each.pointer.slice(1) === name),
            placed,
          ),
        ),
      ),
    ),
    hasBody && shownBody(whole ?? { value: body, isText: typeof body === "string" }, inBody, size, placed),
  ];
}

const marked = (text, wrong, placed) => lineOf({ parts: [text], wrong }, placed);

function shownBody({ value, isText }, violations, size, placed) {
  const text = isText ? String(value) : JSON.stringify(value, null, 2);
  return h(
    "div",
    { class: "copyable" },
    bodyOf(value, violations, isText, placed),
    copyButton(() => text, t("Copy the body")),
    h("p", { class: "quiet size" }, tn("1 byte", "{n} bytes", { n: number(size) })),
  );
}

/** Long bodies, from the recording of the exchange. */
async function recordingOf(found) {
  if (found.request.size <= SHOWN_BYTES && (found.response?.size ?? 0) <= SHOWN_BYTES) return {};
  const answer = await open(`requests/${found.id}/har`);
  const [entry] = (await answer.json()).log.entries;
  return {
    request: found.request.size > SHOWN_BYTES ? parsed(entry?.request.postData?.text) : undefined,
    response: found.response?.size > SHOWN_BYTES ? parsed(entry?.response.content?.text) : undefined,
  };
}

function parsed(text) {
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text), isText: false };
  } catch {
    return { value: text, isText: true };
  }
}

function inOrder(passed) {
  if (!passed.length) return null;
  return h(
    "details",
    { class: "in-order" },
    h("summary", {}, tn("1 rule was followed", "{n} rules were followed", { n: passed.length })),
    h(
      "ul",
      { class: "plain" },
      passed.map((each) => h("li", {}, badge("pass"), " ", h("code", {}, each.rule), " ", said(each.sentence))),
    ),
  );
}
