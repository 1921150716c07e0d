// The page's kernel: opened by the first run, ended when the page is left. A page that is
// reloaded finds it again, with all that its cells have said.

import { ask, lines, Lost, Refused } from "./server.js"
import { visit } from "./store.js"

const LOOK = 4000 // milliseconds between questions whether it is still there

/** @typedef {{cell: string, code: string, space: string}} Step */

export class Kernel {
  /**
   * @param {(event: object) => void} hear what a cell says
   * @param {(state: string, detail?: string) => void} show how the kernel is
   */
  constructor(hear, show) {
    this.hear = hear
    this.show = show
    this.id = null
    this.seen = 0
    this.alive = false
    this.running = false
    this.ran = new Set() // the names of the cells that this process has run
    this.turn = Promise.resolve()
    addEventListener("pagehide", () => this.leave())
    addEventListener("pageshow", ({ persisted }) => persisted && this.look())
    setInterval(() => document.visibilityState === "visible" && this.look(), LOOK)
  }

  /**
   * Run when the runs before are over; the steps are made then, and may be none.
   * @param {() => Step[]} makeSteps @returns {Promise<void>}
   */
  run(makeSteps) {
    this.turn = this.turn.then(() => this.attempt(() => this.send(makeSteps)))
    return this.turn
  }

  async send(makeSteps) {
    await this.wake()
    const steps = makeSteps()
    if (!steps.length) return this.show("ready")
    this.running = true
    this.show("running")
    await this.follow(await ask("run", { kernel: this.id, from: this.seen, steps }))
  }

  /** Read what is said until nothing runs any more. @param {Response} answer */
  async follow(answer) {
    for (let more = true; more; ) {
      more = false
      for await (const event of lines(answer)) {
        if (event.kind === "more") more = true
        else this.take(event)
      }
      if (more) answer = await ask("events", { kernel: this.id, from: this.seen })
    }
    this.running = false
    if (this.alive) this.show("ready")
  }

  take(event) {
    this.seen = event.n
    if (event.kind === "fresh") return this.become(true)
    if (event.kind === "gone") return this.become(false, event.why)
    if (event.kind === "end" && event.outcome === "ok") this.ran.add(event.cell)
    this.hear(event)
  }

  become(alive, why) {
    this.alive = alive
    this.ran.clear()
    if (!alive) this.show(why)
    else if (this.running) this.show("running")
    this.hear({ kind: alive ? "fresh" : "gone" })
  }

  /** Open a kernel, or start the one that ended again. */
  async wake() {
    if (this.alive) return
    this.show("starting")
    if (this.id) await ask("restart", { kernel: this.id })
    else this.remember((await (await ask("open")).json()).kernel)
    this.become(true)
  }

  remember(id) {
    this.id = id
    this.seen = 0
    visit.save(id)
  }

  restart() {
    return this.attempt(async () => {
      this.show("starting")
      if (this.id) await ask("restart", { kernel: this.id })
      await this.wake()
      this.become(true)
      this.show("ready")
    })
  }

  stop() {
    return this.attempt(() => this.id && ask("interrupt", { kernel: this.id }))
  }

  leave() {
    if (this.id) ask("leave", { kernel: this.id }, { keepalive: true }).catch(() => {})
  }

  /** After a reload: hear again what was said, and what goes on. */
  async resume() {
    const id = visit.load()
    const [arrival] = performance.getEntriesByType("navigation")
    visit.save(null)
    if (!id || arrival.type !== "reload") return
    this.turn = this.attempt(async () => {
      const state = await (await ask("state", { kernel: id })).json()
      if (state.why === "left") return
      this.remember(id)
      this.running = state.running
      this.become(state.alive, state.why)
      await this.follow(await ask("events", { kernel: id, from: 0 }))
    })
    await this.turn
    this.look() // should the old page's farewell have come late
  }

  /** See whether the kernel is still there, if nothing else would tell. */
  look() {
    if (!this.alive || this.running) return
    this.attempt(async () => {
      const state = await (await ask("state", { kernel: this.id })).json()
      if (state.alive || !this.alive) return
      if (state.why === "left") this.remember(null)
      this.become(false, state.why)
    })
  }

  /** Do so; what goes wrong is shown. @param {() => Promise<any>} work */
  async attempt(work) {
    try {
      return await work()
    } catch (error) {
      this.running = false
      this.fail(error)
      this.hear({ kind: "failed" })
    }
  }

  fail(error) {
    if (error instanceof Lost) return this.show("lost")
    if (!(error instanceof Refused)) return this.blame(error)
    const { error: word, why, message } = error.said
    if (word === "unknown") this.remember(null)
    if (word === "gone" || word === "unknown") return this.become(false, why ?? "left")
    const known = ["full", "start", "token"].includes(word)
    this.show(known ? word : "refused", message ?? (known ? "" : word))
  }

  /** It is a fault of ours. */
  blame(error) {
    this.show("fault", error.message)
    reportError(error)
  }
}
