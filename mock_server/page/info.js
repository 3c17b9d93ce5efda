// What the mock is, asked once; and where it is, as this browser reaches it.

import { get, here } from "./api.js";
import { said } from "./language.js";

/** @type {Promise<any> | null} */
let asked = null;

/** See `GET /info`. */
export function info() {
  asked ??= get("info").catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** The base URL of this sandbox; from the address of the page, so that it holds behind a prefix too. */
export const baseUrl = ({ basePath }) => here + basePath;

/** The mock itself, without the sandbox; without a slash. */
export const mockUrl = ({ sandbox }) => (sandbox ? here.slice(0, -`/s/${sandbox}`.length) : here);

/** The address of this page for a sandbox. */
export const pageOf = (about, sandbox) => `${mockUrl(about)}${sandbox ? `/s/${sandbox}` : ""}/_mock/`;

/** A role, for people. */
export const roleName = ({ roles }, role) => said(roles[role]);
