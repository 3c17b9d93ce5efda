// JSON Pointers (RFC 6901).

/** @param {string} parent @param {string | number} name */
export const below = (parent, name) => `${parent}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** @param {string} pointer */
export const parentOf = (pointer) => pointer.slice(0, pointer.lastIndexOf("/"));

/** @param {string} pointer */
export const nameOf = (pointer) =>
  pointer
    .slice(pointer.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
