// One cell: its code, the buttons below it, and what it says.

import { Editor } from "./editor.js"
import { button, element } from "./element.js"
import { Output } from "./output.js"
import { languageOf, wordsOf } from "./words.js"

const SOON = 500 // milliseconds: what takes longer shows that it goes on

export class Cell {
  /**
   * @param {HTMLElement} block the block of code
   * @param {string} place where it stands on the page
   * @param {object} page runs it, and is told of changes
   */
  constructor(block, place, page) {
    this.block = block
    this.place = place
    this.page = page
    this.language = languageOf(block)
    this.words = wordsOf(this.language)
    this.authorOutputs = [] // hidden while the reader's own are there
    this.output = new Output(this.words)
    this.known = null // the text that the kernel has, if it is not the author's
    this.failed = null // the line that went wrong
  }

  /** Show that it can be run. @param {number} number @param {string} hint an id */
  equip(number, hint) {
    const names = { label: this.words.cell(number), hint }
    this.editor = new Editor(this.block.querySelector("code"), names, {
      change: () => this.change(),
      run: (goOn) => this.page.run(this, goOn),
      leave: () => this.runButton.focus(),
    })
    this.author = this.editor.text
    this.runButton = button("live-run", this.words.run, () => this.toggle())
    this.resetButton = button("live-reset", this.words.reset, () => this.reset())
    this.status = element("span", { className: "live-status", role: "status" })
    this.clock = element("span", { className: "live-clock", ariaHidden: "true" })
    const items = [this.runButton, this.status, this.clock, this.resetButton]
    this.row = element("div", { className: "live-row" }, ...items)
    this.panel = element("div", { className: "live-panel" }, this.row, this.output.place)
    this.block.after(this.panel)
    this.block.classList.add("live-block")
    this.mark()
  }

  get text() {
    return this.editor.text
  }

  isChanged() {
    return this.text !== this.author
  }

  /** Whether the kernel, should it know this cell, knows another text. */
  isNews() {
    return this.text !== (this.known ?? this.author)
  }

  put(text) {
    this.editor.text = text
    this.failed = null
    this.mark()
  }

  change() {
    this.failed = null
    this.mark()
    this.page.save(this)
  }

  mark() {
    this.resetButton.hidden = !this.isChanged()
    this.block.classList.toggle("live-changed", this.isChanged())
    this.block.classList.toggle("live-failed", Boolean(this.failed))
    if (!this.isBusy) this.status.textContent = this.isChanged() ? this.words.changed : ""
  }

  /** The author's text again, and what it printed. */
  reset() {
    const focused = document.activeElement === this.resetButton
    this.put(this.author)
    this.forget()
    this.page.save(this)
    if (focused) this.runButton.focus()
  }

  forget() {
    this.output.clear()
    this.clock.textContent = ""
    this.showAuthors(true)
    this.mark()
  }

  toggle() {
    if (this.isBusy) this.page.stop()
    else this.page.run(this)
  }

  /** It waits for its turn, or runs. @param {string} [text] */
  begin(text = this.words.waiting) {
    this.isBusy = true
    this.failed = null
    this.mark()
    this.output.clear()
    this.clock.textContent = ""
    this.status.textContent = ""
    this.output.place.ariaBusy = "true"
    this.runButton.textContent = this.words.stop
    this.runButton.classList.add("live-stop")
    const start = Date.now()
    this.progress = text
    clearInterval(this.timer)
    this.timer = setInterval(() => {
      this.row.classList.add("live-going")
      if (this.status.textContent !== this.progress) this.status.textContent = this.progress
      this.clock.textContent = this.words.seconds(Math.floor((Date.now() - start) / 1000))
    }, SOON)
  }

  /** Show what it says in place of what it said to the author. @param {object} event */
  say(event) {
    this.showAuthors(false)
    this.output.add(event)
    if (event.kind === "error") this.markLine(event.lines)
  }

  /** Mark the innermost line of the cell's own that failed. */
  markLine(lines) {
    this.failed = lines.findLast(({ cell }) => cell === this.place)?.line
    this.editor.code.style.setProperty("--line", this.failed ?? 0)
    this.mark()
  }

  showAuthors(seen) {
    for (const output of this.authorOutputs) output.hidden = !seen
  }

  /** @param {string} text why it is not busy any more @param {number} [seconds] */
  end(text, seconds) {
    clearInterval(this.timer)
    this.isBusy = this.checking = false
    this.row.classList.remove("live-going")
    this.output.place.ariaBusy = "false"
    this.runButton.textContent = this.words.run
    this.runButton.classList.remove("live-stop")
    this.mark()
    const changed = this.isChanged() ? `${this.words.changed} · ` : ""
    this.status.textContent = changed + text
    this.clock.textContent = seconds === undefined ? "" : this.words.seconds(brief(seconds))
  }
}

/** @param {number} seconds */
const brief = (seconds) => seconds.toFixed(seconds < 1 ? 2 : seconds < 10 ? 1 : 0)
