// Browsers start no worker for a page that is opened from a file. The search's worker then runs in a hidden frame,
// with which messages go to and fro as they would between a page and a worker.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.waiting = []
      const frame = document.createElement("iframe")
      frame.hidden = true
      frame.addEventListener("load", () => this.start(frame.contentWindow, new URL(url, location)), { once: true })
      document.body.append(frame)
    }

    start(inner, url) {
      inner.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
      const script = inner.document.createElement("script")
      script.src = url
      script.onload = () => {
        this.postMessage = (data) => inner.dispatchEvent(new inner.MessageEvent("message", { data }))
        this.waiting.forEach(this.postMessage)
      }
      inner.document.body.append(script)
    }

    postMessage(data) {
      this.waiting.push(data)
    }
  }
}
