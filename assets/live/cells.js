// Finds the cells of a page, and what must run before each.

import { Cell } from "./cell.js"
import { Exercise } from "./exercise.js"

const CODE = "div.language-python.highlight"
const PARTS = ".start, .check, .answer"

/** A step that runs unseen. */
const unseen = (step) => ({ ...step, unseen: true })

/** The code of a lab's cell: all cells above it must have run. */
class LabCell extends Cell {
  get step() {
    const { place: cell, text: code, language } = this
    return { cell, code, space: "lab", language, module: this.module }
  }

  steps() {
    const above = this.page.cells.slice(0, this.page.cells.indexOf(this))
    const missing = above.filter((cell) => !this.page.kernel.ran.has(cell.place))
    return [...missing.map((cell) => unseen(cell.step)), this.step]
  }
}

/**
 * A piece of a module, quoted in a chapter. Its module's definitions above it must be
 * there; a piece that is no definition needs all cells above it.
 */
class Excerpt extends Cell {
  constructor(block, place, page) {
    super(block, place, page)
    this.output.label = this.words.yours // the chapter may show the author's below it
  }

  get step() {
    const { place: cell, text: code, language } = this
    return { cell, code, space: this.module.name, language, module: this.module.name }
  }

  steps() {
    const { kernel, cells } = this.page
    const needed = this.module.before(this.index).filter(({ cell }) => !kernel.ran.has(cell))
    const above = cells.slice(0, cells.indexOf(this))
    const changed = above.filter((cell) => cell.module === this.module && cell.isNews())
    const steps = needed.map((step) => ({ ...step, language: this.language }))
    return [...steps, ...changed.map(({ step }) => step)].map(unseen).concat(this.step)
  }

  /** The module's cell that has run once this has. */
  get covers() {
    return this.module.cellName(this.index)
  }
}

/** A module, as its lab shows it. */
export class Module {
  /** @param {string} name @param {string[]} codes its cells @param {string} source its file */
  constructor(name, codes, source) {
    this.name = name
    this.codes = codes
    // A demonstration stands in the file further in: it runs in a program alone.
    this.defines = codes.map((code) => `\n${source}\n`.includes(`\n${code}\n`))
  }

  /** @param {string} text of an excerpt @returns {number} the cell that has it, or -1 */
  find(text) {
    const whole = this.codes.indexOf(text)
    if (whole >= 0) return whole
    return this.codes.findIndex((code) => `\n${code}\n`.includes(`\n${text}\n`))
  }

  cellName(index) {
    return `${this.name}#${index}`
  }

  /** The steps that the piece in a cell needs; a definition's cell is one of them. */
  before(index) {
    return this.codes
      .map((code, i) => ({ cell: this.cellName(i), code, space: this.name, module: this.name }))
      .filter((_, i) => (this.defines[index] ? i <= index && this.defines[i] : i < index))
  }
}

const loadText = async (address) => {
  const answer = await fetch(address).catch(({ message: statusText }) => ({ statusText }))
  if (!answer.ok) throw new Error(`${address} (${answer.statusText})`)
  return answer.text()
}

/** @param {string} lab @param {string} file addresses @returns {Promise<Module>} */
const loadModule = async (lab, file) => {
  const [page, source] = await Promise.all([lab, file].map(loadText))
  const parsed = new DOMParser().parseFromString(page, "text/html")
  const codes = [...parsed.querySelectorAll(`${CODE} code`)].map(textOf)
  return new Module(file.match(/(\w+)\.py$/)[1], codes, source)
}

const textOf = (code) => code.textContent.replace(/\n+$/, "")

/** Name each block by the heading above it and its number there, in its language. */
const places = (blocks) => {
  const counts = {}
  const headings = [...document.querySelectorAll("article :is(h1, h2, h3)[id]")]
  return blocks.map((block) => {
    const above = headings.findLast((heading) => precedes(heading, block))
    const side = block.closest(".pair > [lang]")?.lang
    const section = [above?.id ?? "", side].filter(Boolean).join("/")
    counts[section] = (counts[section] ?? 0) + 1
    return `${section}/${counts[section]}`
  })
}

const precedes = (one, other) =>
  Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING)

/** What the author's run printed and drew, right below the code. */
const outputsBelow = (block) => {
  const found = []
  for (let next = block.nextElementSibling; next?.matches(".output, figure"); ) {
    found.push(next)
    next = next.nextElementSibling
  }
  return found
}

/** @returns {LabCell[]} */
const labCells = (blocks, page) => {
  const module = location.pathname.match(/\/labs\/(\w+)/)[1]
  return blocks.map(([block, place]) => {
    const cell = new LabCell(block, place, page)
    return Object.assign(cell, { module, authorOutputs: outputsBelow(block) })
  })
}

/** The links below an excerpt to its module; none, if no heading comes before. */
const linksBelow = (block) => {
  const marks = [...document.querySelectorAll("article :is(h2, p.module)")]
  const next = marks.find((mark) => precedes(block, mark))
  const [lab, file] = ["a.lab", "a.download"].map((a) => next?.querySelector(a)?.href)
  return lab && file ? [lab, file] : null
}

/** @returns {Promise<Excerpt[]>} */
const excerpts = async (blocks, page) => {
  const modules = {}
  const miss = (error) => page.miss(error.message)
  const found = await Promise.all(
    blocks.map(async ([block, place]) => {
      const links = linksBelow(block)
      if (!links) return null
      const module = await (modules[links[0]] ??= loadModule(...links).catch(miss))
      if (!module) return null
      const index = module.find(textOf(block.querySelector("code")))
      return index < 0 ? null : Object.assign(new Excerpt(block, place, page), { module, index })
    }),
  )
  return found.filter(Boolean)
}

/** @param {object} page @returns {Promise<Cell[]>} the cells, as they stand on the page */
export const findCells = async (page) => {
  const all = [...document.querySelectorAll(`article ${CODE}`)]
  const named = places(all)
  const blocks = all.map((block, index) => [block, named[index]])
  if (location.pathname.includes("/labs/")) return labCells(blocks, page)
  const starts = blocks.filter(([block]) => block.matches(".start"))
  const others = blocks.filter(([block]) => !block.matches(PARTS))
  const exercises = starts.map(([block, place]) => new Exercise(block, place, page))
  const cells = [...(await excerpts(others, page)), ...exercises]
  return cells.sort((a, b) => (precedes(a.block, b.block) ? -1 : 1))
}
