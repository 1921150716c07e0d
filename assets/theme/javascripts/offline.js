// Only in the offline edition: read from a folder, a page may not start a worker.
// The search then runs in a frame of the page, with a worker's messages.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.append(frame)
      const inside = frame.contentWindow
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
      const script = inside.document.createElement("script")
      this.ready = new Promise((resolve) => { script.onload = () => resolve(inside) })
      script.src = url
      inside.document.head.append(script)
    }
    async postMessage(data) {
      const inside = await this.ready
      inside.dispatchEvent(new inside.MessageEvent("message", { data }))
    }
    terminate() {}
  }
}
