// What the reader changed and solved stays in this browser, for all languages of a page;
// which kernel a page has, as long as its tab.

const PAGE = location.pathname.replace(/\/(zh|en|both)\//, "/")
const KERNEL = `live-kernel:${location.pathname}`

let complain = () => {}

/** @param {() => void} say what is called if the browser keeps nothing */
export const whenNothingIsKept = (say) => {
  complain = say
}

/** @param {() => any} work with a storage; the browser may forbid it, or be full */
const attempt = (work) => {
  try {
    return work()
  } catch {
    complain()
    return null
  }
}

/** @param {string} kind @returns {any[]} */
const load = (kind) => parsed(attempt(() => localStorage.getItem(`live-${kind}:${PAGE}`)))

const parsed = (text) => {
  try {
    const list = JSON.parse(text ?? "[]")
    return Array.isArray(list) ? list : []
  } catch {
    return [] // another script's
  }
}

/** @param {string} kind @param {any[]} list */
const save = (kind, list) => {
  const key = `live-${kind}:${PAGE}`
  attempt(() => {
    if (list.length) localStorage.setItem(key, JSON.stringify(list))
    else localStorage.removeItem(key)
  })
}

/** @typedef {{place: string, author: string, text: string}} Change */

// From the surest sign that a change is of a cell to the least sure.
const SIGNS = [
  (change, cell) => change.author === cell.author && change.place === cell.place,
  (change, cell) => change.author === cell.author,
  (change, cell) => change.place === cell.place,
]

export const changes = {
  /** Keep the texts of these cells; those of others may be another page's, open now. */
  save(cells) {
    const places = new Set(cells.flatMap((cell) => [cell.place, cell.keptAt]))
    const others = load("changes").filter(({ place }) => !places.has(place))
    const own = cells
      .filter((cell) => cell.isChanged())
      .map(({ place, author, text }) => ({ place, author, text }))
    save("changes", [...others, ...own])
  },

  /** Give each cell the text that the reader left in it. */
  restore(cells) {
    const left = load("changes")
    const take = (cell, sign) => {
      const index = left.findIndex((change) => sign(change, cell))
      if (index < 0 || cell.keptAt) return
      const [{ place, text }] = left.splice(index, 1)
      cell.keptAt = place // in another language it may have another
      cell.put(text)
    }
    for (const sign of SIGNS) for (const cell of cells) take(cell, sign)
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

export const visit = {
  /** @returns {string | null} the kernel's id */
  load: () => attempt(() => sessionStorage.getItem(KERNEL)),

  /** @param {string | null} id */
  save(id) {
    attempt(() => (id ? sessionStorage.setItem(KERNEL, id) : sessionStorage.removeItem(KERNEL)))
  },
}
