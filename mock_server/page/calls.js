// First calls as lines of curl that work as they stand, from the examples in the contract.

import { get } from "./api.js";
import { copyable } from "./copy.js";
import { h } from "./dom.js";
import { baseUrl, info, mockUrl } from "./info.js";
import { m, t } from "./language.js";

const CREDENTIALS = {
  none: "",
  bearer: ' -H "Authorization: Bearer $OOAPI_TOETS_TOKEN"',
  oauth2: ' -H "Authorization: Bearer $OOAPI_TOETS_TOKEN"',
  basic: ' -u "$OOAPI_TOETS_USER:$OOAPI_TOETS_SECRET"',
};

/** The calls of whoever talks to a role: the words above, method, path, and which example is the body. */
const CALLS = {
  toetsafname: [
    [m("Create a session"), "PUT", "/offerings", "minimal"],
    [m("Register a student"), "PUT", "/offerings/{offeringId}/associations", "one"],
    [m("Read a session"), "GET", "/offerings/{offeringId}"],
    [m("Read the participants"), "GET", "/offerings/{offeringId}/associations"],
    [m("Delete the session"), "DELETE", "/offerings/{offeringId}"],
  ],
  toetsplanning: [
    [m("Read a session"), "GET", "/offerings/{offeringId}"],
    [m("Send the report of a session"), "PATCH", "/offerings/{offeringId}", "report"],
  ],
};

/** @returns {Promise<HTMLElement[]>} Each with its words. */
export async function firstCalls() {
  const [about, document] = await Promise.all([info(), get("spec.json")]);
  const session = await sessionFor(about.role, document);
  const credentials = CREDENTIALS[about.auth] ?? "";
  return CALLS[about.role].map(([words, method, path, name]) => {
    const url = baseUrl(about) + path.replace("{offeringId}", session);
    const body = name ? example(document, method, path, name) : undefined;
    const sent =
      body === undefined ? "" : ` -H 'Content-Type: application/json' --data ${quoted(JSON.stringify(body))}`;
    return h(
      "div",
      { class: "call" },
      h("h3", {}, t(words)),
      copyable(`curl -i -X ${method} ${quoted(url)}${credentials}${sent}`, t(words)),
    );
  });
}

/** The line that fetches a token, where tokens are fetched. */
export async function tokenCall() {
  const about = await info();
  if (about.auth !== "oauth2") return null;
  const scope = Object.keys(
    (await get("spec.json")).components.securitySchemes.oauth2.flows.clientCredentials.scopes,
  )[0];
  const line =
    `export OOAPI_TOETS_TOKEN=$(curl -sS -u "$OOAPI_TOETS_USER:$OOAPI_TOETS_SECRET" -d grant_type=client_credentials` +
    ` -d scope=${scope} ${quoted(`${mockUrl(about)}/oauth2/token`)} | sed -E 's/.*"access_token": ?"([^"]+)".*/\\1/')`;
  return copyable(line, t("Fetch a token"));
}

/** The session that the calls are about: the one that the first of them makes, or one that is there. */
async function sessionFor(role, document) {
  if (role === "toetsafname") return example(document, "PUT", "/offerings", "minimal").offeringId;
  const { items } = await get("sessions?limit=1");
  return items[0]?.session ?? "7e570000-0000-4000-8000-000000000000";
}

function example(document, method, path, name) {
  const body = document.paths[path][method.toLowerCase()].requestBody.content["application/json"];
  const found = body.examples[name];
  return (found.$ref ? document.components.examples[found.$ref.split("/").pop()] : found).value;
}

/** A text as one word of the shell. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
