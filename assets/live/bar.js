// The strip at the bottom of the page: how the kernel is, and what concerns all cells.

import { button, element } from "./element.js"

const SURE = 4000 // milliseconds to say once more that all shall be reset

export class Bar {
  constructor(words, page) {
    this.words = words
    this.state = element("span", { className: "live-state", role: "status" })
    this.stop = button("live-stop", words.stop, () => page.stop())
    this.reset = button("live-reset", words.resetAll, () => this.ask(page))
    this.warning = element("p", { className: "live-warning", role: "status" })
    this.place = element(
      "section",
      { className: "live-bar", ariaLabel: words.bar },
      this.state,
      button("live-run-all", words.runAll, () => page.runAll()),
      this.stop,
      button("live-restart", words.restart, () => page.restart()),
      this.reset,
      this.warning,
    )
    this.show("none")
  }

  /** @param {string} state one of the words' states @param {string} [detail] */
  show(state, detail = "") {
    this.place.dataset.state = state
    this.state.textContent = [this.words.states[state], detail].filter(Boolean).join(" ")
    this.stop.disabled = !["starting", "running"].includes(state)
  }

  /** Say what stays so, whatever the kernel does. @param {string} text */
  warn(text) {
    if (this.warning.textContent !== text) this.warning.textContent = text
  }

  /** Reset all only if it is said twice. */
  ask(page) {
    if (this.timer) {
      page.reset()
      return this.calm()
    }
    this.reset.textContent = this.words.sure
    this.timer = setTimeout(() => this.calm(), SURE)
  }

  calm() {
    clearTimeout(this.timer)
    this.timer = null
    this.reset.textContent = this.words.resetAll
  }
}
