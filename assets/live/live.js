// A page whose code runs: its cells, its kernel, and what happens between them.

import { Bar } from "./bar.js"
import { findCells } from "./cells.js"
import { element } from "./element.js"
import { Exercise } from "./exercise.js"
import { Kernel } from "./kernel.js"
import { changes, solved, whenNothingIsKept } from "./store.js"
import { languageOf, wordsOf } from "./words.js"

const PAUSE = 300 // milliseconds without typing, until what was typed is kept
const HINT = "live-keys"

class Page {
  constructor() {
    this.words = wordsOf(languageOf(document.documentElement))
    this.bar = new Bar(this.words, this)
    this.kernel = new Kernel(
      (event) => this.hear(event),
      (state, detail) => this.bar.show(state, detail),
    )
    this.unsaved = new Set() // cells that were changed a moment ago
    this.drops = 0 // how often all that waited was given up
    addEventListener("pagehide", () => this.saveNow())
    whenNothingIsKept(() => this.bar.warn(this.words.unsaved))
  }

  async begin() {
    this.cells = await findCells(this)
    if (!this.cells.length) return
    const article = document.querySelector("article")
    article.append(element("p", { id: HINT, hidden: true, textContent: this.words.keys }), this.bar.place)
    this.cells.forEach((cell, index) => cell.equip(index + 1, HINT))
    changes.restore(this.cells)
    this.count()
    await this.kernel.resume()
    this.forget() // it may have run what was changed before the page was reloaded
  }

  /** Some code cannot run here. @param {string} why */
  miss(why) {
    this.bar.warn(`${this.words.missing} ${why}`)
  }

  run(cell, goOn = false) {
    if (!cell.isBusy) this.submit([cell], () => cell.steps())
    if (goOn) this.goOn(cell)
  }

  /** As in a notebook, the next cell comes next; in a chapter it may be pages away. */
  goOn(cell) {
    const next = this.cells[this.cells.indexOf(cell) + 1]
    if (next && location.pathname.includes("/labs/")) next.editor.field.focus()
  }

  check(exercise) {
    if (exercise.isBusy) return
    exercise.checking = true
    this.submit([exercise], () => exercise.checkSteps())
  }

  runAll() {
    const cells = this.cells.filter((cell) => !(cell instanceof Exercise))
    const free = cells.filter((cell) => !cell.isBusy)
    const steps = () => this.inOrder(free)
    if (free.length) this.submit(free, steps)
  }

  /** What each needs is there once those before it have run. */
  inOrder(cells) {
    const done = new Set()
    return cells.flatMap((cell) => {
      const steps = cell.steps().filter((step) => !step.unseen || !done.has(step.cell))
      for (const step of steps) done.add(step.cell)
      done.add(cell.covers)
      return steps
    })
  }

  submit(cells, makeSteps) {
    for (const cell of cells) {
      cell.begin(this.kernel.alive ? cell.words.waiting : cell.words.starting)
    }
    this.saveNow()
    const drops = this.drops
    return this.kernel.run(() => (drops === this.drops ? makeSteps() : []))
  }

  hear(event) {
    if (event.kind === "fresh") return this.forget()
    if (event.kind === "done" || event.kind === "failed") return this.finish(event)
    const checked = this.cells.find((cell) => cell.checkName === event.cell)
    if (checked && event.cell) return this.hearCheck(checked, event)
    const cell = this.cells.find((cell) => cell.place === event.cell)
    if (event.kind === "begin") return this.hearBegin(cell, event)
    if (event.kind === "end") return cell && this.hearEnd(cell, event)
    if (event.kind === "error") return this.hearError(cell ?? this.firstBusy(), event)
    cell?.say(event)
  }

  /** What the reader changed is not known to a new process. */
  forget() {
    for (const cell of this.cells) cell.known = null
  }

  hearBegin(cell, { unseen, step, of }) {
    if (cell) cell.sent = cell.text
    if (unseen) {
      for (const busy of this.cells.filter((cell) => cell.isBusy)) {
        busy.progress = busy.words.before(step, of)
      }
      return
    }
    if (!cell) return
    if (!cell.isBusy) cell.begin()
    cell.progress = cell.words.running
  }

  hearError(cell, event) {
    if (!cell.isBusy) cell.output.clear() // it ran unseen, for a cell below it
    cell.say(event)
  }

  hearEnd(cell, { unseen, outcome, seconds }) {
    if (outcome === "ok") {
      cell.known = cell.sent
      if (cell.covers) this.kernel.ran.add(cell.covers)
    }
    if (unseen || (cell.checking && outcome === "ok")) return // its check comes next
    cell.showAuthors(outcome !== "ok")
    cell.end(this.outcome(cell, outcome), seconds)
  }

  hearCheck(cell, event) {
    cell.hearCheck(event)
    if (event.kind !== "end") return
    const outcome = cell.isWrong ? "ok" : event.outcome // a wrong answer is no error
    cell.end(this.outcome(cell, outcome), event.seconds)
  }

  outcome(cell, outcome) {
    const { done, error, stopped } = cell.words
    return { ok: done, error, stopped, died: error }[outcome]
  }

  /** A run is over; if it did not go well, what has not come to its turn does not run. */
  finish({ outcome }) {
    if (outcome === "ok") return
    this.drops += 1
    for (const cell of this.cells.filter((cell) => cell.isBusy)) {
      if (outcome === "error") cell.output.add({ kind: "note", text: cell.words.above })
      cell.end(cell.words.stopped)
    }
  }

  firstBusy() {
    return this.cells.find((cell) => cell.isBusy) ?? this.cells[0]
  }

  stop() {
    if (this.kernel.running) return this.kernel.stop()
    return this.finish({ outcome: "stopped" }) // PyTorch is still starting
  }

  restart() {
    return this.kernel.restart()
  }

  reset() {
    for (const cell of this.cells) cell.reset()
  }

  /** Keep the cell's text, when the reader pauses. */
  save(cell) {
    this.unsaved.add(cell)
    clearTimeout(this.saving)
    this.saving = setTimeout(() => this.saveNow(), PAUSE)
  }

  saveNow() {
    clearTimeout(this.saving)
    if (this.unsaved.size) changes.save([...this.unsaved])
    this.unsaved.clear()
  }

  /** Say at the heading of the exercises how many are solved, and at each that it is. */
  count() {
    const ids = solved.load()
    const own = [...new Set(this.cells.filter((c) => c instanceof Exercise).map((c) => c.heading))]
    for (const heading of own) heading.classList.toggle("live-solved", ids.has(heading.id))
    const place = document.querySelector("article h2#exercises")
    if (!place || !own.length) return
    const right = own.filter((heading) => ids.has(heading.id)).length
    this.counter ??= element("p", { className: "live-count", role: "status" })
    this.counter.textContent = this.words.solved(right, own.length)
    place.after(this.counter)
  }
}

new Page().begin()
