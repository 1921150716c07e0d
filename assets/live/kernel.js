// The page's kernel: opened by the first run, ended when the page is left. A page that is
// reloaded finds it again, with all that its cells have said.

import { ask, lines, Refused } from "./server.js"

const LOOK = 4000 // milliseconds between questions whether it is still there
const ID = `live-kernel:${location.pathname}`

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
   * Run when the runs before are over; the steps are made then.
   * @param {() => Step[]} makeSteps @returns {Promise<void>}
   */
  run(makeSteps) {
    this.turn = this.turn.then(() => this.attempt(() => this.send(makeSteps)))
    return this.turn
  }

  async send(makeSteps) {
    await this.wake()
    this.running = true
    this.show("running")
    const steps = makeSteps()
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
    if (event.kind === "fresh") this.become(true)
    if (event.kind === "gone") this.become(false, event.why)
    if (event.kind === "end" && event.outcome === "ok") this.ran.add(event.cell)
    this.hear(event)
  }

  become(alive, why) {
    this.alive = alive
    this.ran.clear()
    if (!alive) this.show(why)
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
    if (id) sessionStorage.setItem(ID, id)
    else sessionStorage.removeItem(ID)
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
    const id = sessionStorage.getItem(ID)
    const [visit] = performance.getEntriesByType("navigation")
    sessionStorage.removeItem(ID)
    if (!id || visit.type !== "reload") return
    this.turn = this.attempt(async () => {
      const state = await (await ask("state", { kernel: id })).json()
      if (!state.alive) return
      this.remember(id)
      this.become(true)
      this.running = state.running
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
      this.hear({ kind: "gone", why: state.why })
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
    if (!(error instanceof Refused)) return this.lose(error)
    const { error: word, why, message } = error.said
    if (word === "unknown") this.remember(null)
    if (word === "gone" || word === "unknown") return this.become(false, why ?? "left")
    const known = ["full", "start", "token"].includes(word)
    this.show(known ? word : "refused", message ?? (known ? "" : word))
  }

  lose(error) {
    if (error instanceof TypeError) this.show("lost")
    else reportError(error) // a fault of ours
  }
}
