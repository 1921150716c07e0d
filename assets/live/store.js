// What the reader changed and solved stays in this browser, for all languages of a page.

const PAGE = location.pathname.replace(/\/(zh|en|both)\//, "/")

/** @param {string} kind @returns {any[]} */
const load = (kind) => {
  try {
    const list = JSON.parse(localStorage.getItem(`live-${kind}:${PAGE}`) ?? "[]")
    return Array.isArray(list) ? list : []
  } catch {
    return [] // nothing of ours, or nothing may be read: then saving says so
  }
}

/** @param {string} kind @param {any[]} list */
const save = (kind, list) => {
  const key = `live-${kind}:${PAGE}`
  if (list.length) localStorage.setItem(key, JSON.stringify(list))
  else localStorage.removeItem(key)
}

/** @typedef {{place: string, author: string, text: string}} Change */

export const changes = {
  /** @returns {Change[]} */
  load: () => load("changes"),

  /** Keep the changes of these cells, and those of cells that are not on the page. */
  save(cells, others) {
    const own = cells
      .filter((cell) => cell.isChanged())
      .map(({ place, author, text }) => ({ place, author, text }))
    save("changes", [...own, ...others])
  },

  /**
   * Give each cell the text that the reader left: of the same author's text, else of the
   * same place. Returns the changes that belong to no cell.
   */
  restore(cells) {
    const left = changes.load()
    const take = (cell, fits) => {
      const index = left.findIndex((change) => fits(change, cell))
      if (index >= 0 && !cell.isChanged()) cell.put(left.splice(index, 1)[0].text)
    }
    for (const cell of cells) take(cell, (change) => change.author === cell.author)
    for (const cell of cells) take(cell, (change) => change.place === cell.place)
    return left
  },
}

export const solved = {
  /** @returns {Set<string>} the ids of exercises */
  load: () => new Set(load("solved")),

  /** @param {string} id */
  add(id) {
    save("solved", [...solved.load().add(id)])
  },
}
