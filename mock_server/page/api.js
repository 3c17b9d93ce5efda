// The control API, which stands where this page stands; a sandbox and a prefix are in the address already.

import { askToken, credentials } from "./token.js";

/** The address of the control API, with a slash. */
const CONTROL = new URL(".", document.baseURI);

/** What stands above `/_mock/`: the mock, or a sandbox of it; without a slash. */
export const here = new URL("..", CONTROL).href.replace(/\/$/, "");

/** An answer that says no, in the words of the mock. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} [detail]
   */
  constructor(status, title, detail) {
    super(detail ? `${title}: ${detail}` : title);
    this.status = status;
  }
}

/**
 * Opens an address of the control API; asks for the token where one is wanted.
 * @param {string} path
 * @param {RequestInit} [options]
 * @param {boolean} [asks] Whether to ask; what happens without somebody wanting it does not.
 * @returns {Promise<Response>}
 */
export async function open(path, options = {}, asks = true) {
  for (;;) {
    const answer = await fetch(new URL(path, CONTROL), {
      ...options,
      headers: { ...options.headers, ...credentials() },
      cache: "no-store",
    });
    if (answer.ok) return answer;
    if (answer.status === 401 && asks) {
      await askToken();
      continue;
    }
    const problem = await answer.json().catch(() => ({}));
    throw new ApiError(answer.status, problem.title ?? `${answer.status} ${answer.statusText}`, problem.detail);
  }
}

/**
 * Calls the control API.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>} JSON, or null where there is none.
 */
export async function call(method, path, body) {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer = await open(path, { method, ...sent });
  return answer.status === 204 ? null : answer.json();
}

/** @param {string} path */
export const get = (path) => call("GET", path);
