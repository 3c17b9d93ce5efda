// First calls as lines of curl that work as they stand, from the examples in the contract.

import { get } from "./api.js";
import { copyable } from "./copy.js";
import { h } from "./dom.js";
import { baseUrl, info, mockUrl } from "./info.js";
import { said, t } from "./language.js";

const CREDENTIALS = {
  none: "",
  bearer: ' -H "Authorization: Bearer $OOAPI_TOETS_TOKEN"',
  oauth2: ' -H "Authorization: Bearer $OOAPI_TOETS_TOKEN"',
  basic: ' -u "$OOAPI_TOETS_USER:$OOAPI_TOETS_SECRET"',
};

/** @returns {Promise<HTMLElement[]>} Each with its words. */
export async function firstCalls() {
  const about = await info();
  const session = about.session ?? (await anySession());
  const credentials = CREDENTIALS[about.auth] ?? "";
  return about.calls.map(({ words, method, path, body }) => {
    const url = baseUrl(about) + path.replace("{session}", session);
    const sent = body === null ? "" : ` -H 'Content-Type: application/json' --data ${quoted(JSON.stringify(body))}`;
    return h(
      "div",
      { class: "call" },
      h("h3", {}, said(words)),
      copyable(`curl -i -X ${method} ${quoted(url)}${credentials}${sent}`, said(words)),
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

/** A session that is there, where the calls make none themselves. */
async function anySession() {
  const { items } = await get("sessions?limit=1");
  return items[0]?.session ?? "7e570000-0000-4000-8000-000000000000";
}

/** A text as one word of the shell. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
