// Small things that are remembered between visits; a browser that refuses is no reason to stop.

/**
 * @param {Storage} storage
 * @param {string} name
 * @returns {string | null}
 */
export function recall(storage, name) {
  try {
    return storage.getItem(`ooapi-toets.${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {Storage} storage
 * @param {string} name
 * @param {string | null} value Null forgets it.
 */
export function remember(storage, name, value) {
  try {
    if (value === null) storage.removeItem(`ooapi-toets.${name}`);
    else storage.setItem(`ooapi-toets.${name}`, value);
  } catch {
    // Then it lasts as long as the page.
  }
}
