// Code that can be changed where it stands: a field of text over it, of which only the
// caret is seen. What is seen below, and what is copied, is the code as ever.

import { colour } from "./colours.js"
import { element } from "./element.js"

const INDENT = "    "

export class Editor {
  /**
   * @param {HTMLElement} code @param {{label: string, hint: string}} names
   * @param {{change: () => void, run: (goOn: boolean) => void, leave: () => void}} tell
   */
  constructor(code, names, tell) {
    this.code = code
    this.tell = tell
    this.editing = false // reached by Tab, it lets Tab go on
    this.field = element("textarea", {
      className: "live-field",
      value: code.textContent.replace(/\n$/, ""),
      spellcheck: false,
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
      rows: 1,
      ariaLabel: names.label,
    })
    this.field.setAttribute("aria-describedby", names.hint)
    code.inert = true // it is read and reached as the field
    code.after(this.field)
    code.parentElement.classList.add("live-code")
    this.field.addEventListener("keydown", (event) => this.press(event))
    this.field.addEventListener("pointerdown", () => (this.editing = true))
    this.field.addEventListener("blur", () => (this.editing = false))
    this.field.addEventListener("scroll", () => (code.scrollLeft = this.field.scrollLeft))
    this.field.addEventListener("input", () => {
      this.editing = true
      this.show()
      this.tell.change()
    })
  }

  get text() {
    return this.field.value
  }

  set text(text) {
    this.field.value = text
    this.show()
  }

  show() {
    colour(this.code, `${this.text}\n`)
  }

  press(event) {
    if (event.isComposing) return
    const key = event.key === "Enter" ? this.enter(event) : this.other(event)
    if (key) event.preventDefault()
  }

  /** Say whether Enter had a use of ours. */
  enter(event) {
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      this.tell.run(event.shiftKey)
      return true
    }
    if (event.altKey) return false
    if (this.editing) this.breakLine()
    this.editing = true
    return true
  }

  other(event) {
    if (event.key === "Escape") {
      this.editing = false
      this.tell.leave()
      return true
    }
    if (event.key !== "Tab" || !this.editing || event.ctrlKey || event.altKey) return false
    if (event.shiftKey) this.changeLines((line) => line.replace(/^ {1,4}/, ""))
    else if (this.field.selectionStart === this.field.selectionEnd) this.insert(this.upToStop())
    else this.changeLines((line) => line && INDENT + line)
    return true
  }

  /** The spaces up to the next multiple of four. */
  upToStop() {
    const before = this.text.slice(0, this.field.selectionStart)
    const column = before.length - before.lastIndexOf("\n") - 1
    return INDENT.slice(column % INDENT.length)
  }

  breakLine() {
    const before = this.text.slice(0, this.field.selectionStart)
    const line = before.slice(before.lastIndexOf("\n") + 1)
    const deeper = /^[^#]*:\s*(#.*)?$/.test(line) ? INDENT : ""
    this.insert(`\n${line.match(/^ */)[0]}${deeper}`)
  }

  changeLines(change) {
    const { selectionStart: from, selectionEnd: to } = this.field
    const start = this.text.lastIndexOf("\n", from - 1) + 1
    const found = this.text.indexOf("\n", to > from ? to - 1 : to)
    const end = found < 0 ? this.text.length : found
    const lines = this.text.slice(start, end).split("\n").map(change).join("\n")
    if (lines === this.text.slice(start, end)) return
    this.field.setSelectionRange(start, end)
    this.insert(lines)
    this.field.setSelectionRange(start, start + lines.length)
  }

  /** Insert as if typed: it can be undone. */
  insert(text) {
    const done = text
      ? document.execCommand("insertText", false, text)
      : document.execCommand("delete")
    if (!done) {
      const { selectionStart: start, selectionEnd: end } = this.field
      this.field.setRangeText(text, start, end, "end")
      this.field.dispatchEvent(new Event("input"))
    }
  }
}
