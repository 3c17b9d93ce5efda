// A sequence diagram of calls between two systems. All that it says is also said beside it, in words.

import { svg } from "./dom.js";

const WIDTH = 470;
const LEFT = 71;
const RIGHT = WIDTH - 71;
const HEAD = 44;
const STEP = 66;
const SIGNS = { seen: "✓", wrong: "✕", warned: "!", missing: "" };

/**
 * @typedef {object} Call
 * @property {string} request What is called.
 * @property {string} response What is answered.
 * @property {"seen" | "missing" | "wrong" | "warned"} state
 */

/**
 * @param {[string, string]} systems Who calls, and who is called.
 * @param {Call[]} calls
 * @param {string} label What the diagram says, in words.
 * @returns {SVGElement}
 */
export function diagram(systems, calls, label) {
  const height = HEAD + calls.length * STEP + 14;
  return svg(
    "svg",
    { class: "diagram", viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img", "aria-label": label },
    [LEFT, RIGHT]
      .map((x, index) => [
        svg("line", { class: "life", x1: x, y1: 30, x2: x, y2: height }),
        svg("rect", { class: "head", x: x - 70, y: 2, width: 140, height: 28, rx: 4 }),
        svg("text", { class: "head-text", x, y: 21, "text-anchor": "middle" }, systems[index]),
      ])
      .flat(),
    calls.map((each, index) => step(each, HEAD + index * STEP)),
  );
}

function step({ request, response, state }, top) {
  const out = top + 26;
  const back = top + 52;
  return svg(
    "g",
    { class: `step ${state}` },
    svg("text", { class: "call", x: WIDTH / 2, y: out - 7, "text-anchor": "middle" }, request),
    arrow(LEFT, RIGHT, out, "out"),
    svg("text", { class: "call", x: WIDTH / 2, y: back - 6, "text-anchor": "middle" }, response),
    arrow(RIGHT, LEFT, back, "back"),
    svg("circle", { class: "dot", cx: LEFT, cy: out, r: 9 }),
    svg("text", { class: "sign", x: LEFT, y: out + 4, "text-anchor": "middle" }, SIGNS[state]),
  );
}

function arrow(from, to, y, kind) {
  const way = Math.sign(to - from);
  const tip = to - way * 2;
  return svg(
    "g",
    { class: `arrow ${kind}` },
    svg("line", { x1: from, y1: y, x2: tip, y2: y }),
    svg("path", { d: `M ${tip - way * 8} ${y - 4} L ${tip} ${y} L ${tip - way * 8} ${y + 4}` }),
  );
}
