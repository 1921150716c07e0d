// Makes elements: what a kernel says only ever becomes text.

/**
 * @param {string} tag @param {Record<string, any>} [properties] @param {(Node|string)[]} children
 * @returns {HTMLElement}
 */
export const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

/** @param {string} className @param {string} text @param {() => void} act */
export const button = (className, text, act) =>
  element("button", { type: "button", className, textContent: text, onclick: act })
