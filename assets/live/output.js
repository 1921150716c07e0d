// What a cell says, below it: printed text, figures, a value, an error.

import { button, element } from "./element.js"

const MOST = 30 // lines that are shown at once
const HEAD = 20 // of them from the beginning, the others from the end
const WIDEST = 20_000 // characters that are shown at once
const ANSI = /\x1b\[[0-9;?]*[A-Za-z]/g

/** What a terminal would show: a line is begun again after \r. @param {string} text */
export const asTerminal = (text) =>
  text
    .replace(ANSI, "")
    .replace(/\r+\n/g, "\n")
    .replace(/^.*\r(?=[^\n])/gm, "")
    .replace(/\r/g, "")

export class Output {
  /** @param {object} words */
  constructor(words) {
    this.words = words
    this.label = "" // whose output it is, where two could be
    this.place = element("div", { className: "live-output" })
    this.clear()
  }

  clear() {
    this.place.replaceChildren()
    this.last = null // the text that may go on
  }

  get isEmpty() {
    return !this.place.hasChildNodes()
  }

  add(event) {
    if (event.kind === "text") return this.addText(event)
    this.last = null
    const made = this[event.kind]?.(event)
    if (made) this.append(made)
  }

  append(made) {
    if (this.label && this.isEmpty) {
      this.place.append(element("p", { className: "live-whose", textContent: this.label }))
    }
    this.place.append(made)
  }

  addText({ stream, text }) {
    if (this.last?.stream !== stream) {
      const box = element("div", { className: `live-text live-${stream}` })
      this.last = { stream, text: "", box, whole: false }
      this.append(box)
    }
    this.last.text += text
    this.showText(this.last)
  }

  /** Show a text; a long one without its middle. */
  showText(part) {
    const text = asTerminal(part.text).replace(/\n$/, "")
    const all = text.split("\n")
    const long = all.length > MOST || text.length > WIDEST
    if (!long || part.whole) return part.box.replaceChildren(this.pre(text))
    const head = all.slice(0, HEAD).join("\n").slice(0, WIDEST / 2)
    const tail = all.slice(Math.max(HEAD, all.length - (MOST - HEAD)))
    const rest = Math.max(1, all.length - MOST)
    const more = button("live-more", this.words.more(rest), () => {
      part.whole = true
      this.showText(part)
      part.box.firstChild.focus()
    })
    part.box.replaceChildren(this.pre(head), more, this.pre(tail.join("\n").slice(-WIDEST / 2)))
  }

  pre(text) {
    return element("pre", { textContent: text, tabIndex: 0 })
  }

  value({ text }) {
    return text && element("div", { className: "live-text live-value" }, this.pre(text))
  }

  figure({ light, dark, width, height }) {
    const image = (className, svg) =>
      element("img", {
        className,
        alt: this.words.figure,
        width,
        height,
        src: `data:image/svg+xml;base64,${base64(svg)}`,
      })
    return element(
      "figure",
      { className: "live-figure" },
      element("span", { className: "figure" }, image("light", light), image("dark", dark)),
    )
  }

  error({ cell, name, message, lines }) {
    const rows = lines.map(({ cell: where, line, name, code }) =>
      element(
        "div",
        { className: "live-frame" },
        element("span", {
          className: "live-line",
          textContent: [this.words.line(line, where === cell), name && this.words.within(name)]
            .filter(Boolean)
            .join(" · "),
        }),
        element("code", { textContent: code.trim() }),
      ),
    )
    const said = element("pre", { textContent: message ? `${name}: ${message}` : name, tabIndex: 0 })
    return element("div", { className: "live-error" }, ...rows, said)
  }

  cut({ limit }) {
    return this.note({ text: this.words.cut(limit) })
  }

  late({ limit }) {
    return this.note({ text: this.words.late(limit) })
  }

  note({ text }) {
    return element("p", { className: "live-note", textContent: text })
  }

  /** @param {boolean} right @param {string} text @param {string} hint */
  verdict(right, text, hint = "") {
    const className = `live-verdict ${right ? "live-right" : "live-wrong"}`
    const mark = element("strong", { textContent: `${right ? "✓" : "✗"} ${text}` })
    this.append(element("p", { className, role: "alert" }, mark, hint && ` ${hint}`))
  }
}

const base64 = (text) =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""))
