// Server-sent events over fetch rather than EventSource, which could send the token only in the address.

import { open } from "./api.js";
import { tokenGiven } from "./token.js";

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/**
 * @typedef {object} Listener
 * @property {() => unknown} opened The stream is open: whatever happens from now on will be told.
 * @property {(name: string, data: any) => void} told Something happened.
 * @property {() => void} lost The stream broke off; it is tried again.
 */

/**
 * Listens for as long as the page is looked at: a tab in the background costs the mock nothing.
 * @param {Listener} listener
 */
export function listen(listener) {
  let attempt = new AbortController();
  const run = () => {
    attempt.abort();
    attempt = new AbortController();
    void keepListening(listener, attempt.signal);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? attempt.abort() : run()));
  run();
}

async function keepListening(listener, signal) {
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    try {
      const answer = await open("events", { signal }, false);
      wait = FIRST_WAIT;
      listener.opened();
      for await (const [name, data] of events(answer.body)) listener.told(name, data);
    } catch {
      // What went wrong makes no difference: it is tried again.
    }
    if (signal.aborted) return;
    listener.lost();
    await Promise.race([new Promise((resolve) => setTimeout(resolve, wait)), tokenGiven()]);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

/** The events of a stream (HTML Living Standard, section 9.2.6), as far as the mock writes them. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map((line) => line.split(/: ?(.*)/, 2)));
      if (fields.has("data")) yield [fields.get("event") ?? "message", JSON.parse(fields.get("data"))];
    }
  }
}
