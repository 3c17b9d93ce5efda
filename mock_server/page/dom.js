// Makes elements. Text goes in as text, never as markup: what the page shows was sent by strangers.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An HTML element.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on` holds listeners by event; null, undefined and false are left out.
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return built(document.createElement(tag), attributes, children);
}

/**
 * An SVG element; see `h`.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return built(document.createElementNS(SVG, tag), attributes, children);
}

function built(element, { on = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...wanted(children));
  return element;
}

/** What is left of children when the empty ones are taken out. */
function wanted(children) {
  return children
    .flat()
    .filter((each) => each !== null && each !== undefined && each !== false)
    .map((each) => (each instanceof Node ? each : String(each)));
}

/**
 * Puts children in the place of those that are there.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...wanted(children));
}

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Says something once to those who cannot see it happen.
 * @param {string} text
 */
export function announce(text) {
  const said = byId("said");
  said.textContent = "";
  // The same text twice is only heard twice when it was gone in between.
  requestAnimationFrame(() => (said.textContent = text));
}
