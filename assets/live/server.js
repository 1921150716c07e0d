// Asks the server, and hears what it says: each answer is a line of JSON.

const OURS = "/_live/"

/** What the server did not do, and its word for why. */
export class Refused extends Error {
  /** @param {{error: string, why?: string, message?: string}} said */
  constructor(said) {
    super(said.error)
    this.said = said
  }
}

/** The server is gone, or what answers is not it. */
export class Lost extends Error {}

const lost = (error) => {
  throw new Lost(error.message)
}

/**
 * @param {string} verb @param {object} body @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export const ask = async (verb, body = {}, options = {}) => {
  const token = document.querySelector('meta[name="live-token"]').content
  const answer = await fetch(OURS + verb, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Live-Token": token },
    body: JSON.stringify(body),
    ...options,
  }).catch(lost)
  if (!answer.ok) throw new Refused(await answer.json().catch(lost))
  return answer
}

/** @param {Response} answer @yields {object} what each line says, as it comes */
export async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  for (;;) {
    const { value, done } = await reader.read().catch(lost)
    if (done) return
    const whole = (rest + value).split("\n")
    rest = whole.pop()
    for (const line of whole) yield JSON.parse(line)
  }
}
