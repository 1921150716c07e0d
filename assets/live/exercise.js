// An exercise: the reader's code, run alone, and a check that knows what is wrong.

import { Cell } from "./cell.js"
import { button } from "./element.js"
import { solved } from "./store.js"

export class Exercise extends Cell {
  get heading() {
    const headings = [...document.querySelectorAll("article h3[id]")]
    return headings.findLast(
      (heading) =>
        heading.compareDocumentPosition(this.block) & Node.DOCUMENT_POSITION_FOLLOWING,
    )
  }

  /** What follows in this exercise, in the cell's language if it stands twice. */
  part(name) {
    const all = [...document.querySelectorAll(`article .${name}`)]
    const after = all.filter(
      (part) => this.block.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING,
    )
    return (
      after.find((part) => !part.closest(".pair") || part.closest("[lang]").lang === this.lang) ??
      null
    )
  }

  get lang() {
    return this.block.closest("[lang]").lang
  }

  equip(number, hint) {
    super.equip(number, hint)
    this.checkButton = button("live-check", this.words.check, () => this.page.check(this))
    this.runButton.after(this.checkButton)
  }

  get step() {
    const { place: cell, text: code, language } = this
    return { cell, code, space: this.heading.id, language, module: "", fresh: true }
  }

  steps() {
    return [this.step]
  }

  checkSteps() {
    const code = this.part("check:not(details)").querySelector("code").textContent
    return [this.step, { ...this.step, fresh: false, cell: this.checkName, code }]
  }

  get checkName() {
    return `${this.place}?`
  }

  /** What the check said. @param {object} event */
  hearCheck(event) {
    if (event.kind === "begin") this.isWrong = false
    if (event.kind === "error") this.output.verdict(false, ...this.hint(event))
    else if (event.kind === "end" && event.outcome === "ok") this.solve()
    else if (event.kind !== "end" && event.kind !== "begin") this.output.add(event)
  }

  hint({ name, message }) {
    this.isWrong = name === "AssertionError"
    if (this.isWrong) return [this.words.wrong, message]
    return [this.words.unchecked, message ? `${name}: ${message}` : name]
  }

  solve() {
    this.output.verdict(true, this.words.right)
    this.part("success").open = true
    solved.add(this.heading.id)
    this.page.count()
  }
}
