// Colours Python much as the build does: strings, comments, keywords, definitions. A
// string that begins a line is a docstring.

const KEYWORDS =
  "False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|" +
  "finally|for|from|global|if|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|" +
  "try|while|with|yield"

const TOKEN = new RegExp(
  [
    /(?<c>#.*|(?<=^[ ]*)(?:"""[^]*?(?:"""|$(?![^]))|'''[^]*?(?:'''|$(?![^]))))/,
    /(?<s>(?:\b[rbfuRBFU]{1,2})?(?:"""[^]*?(?:"""|$(?![^]))|'''[^]*?(?:'''|$(?![^]))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<=\b(?:def|class)\s+)(?<nf>\w+)/,
    new RegExp(`\\b(?<k>${KEYWORDS})\\b`),
  ]
    .map((part) => part.source)
    .join("|"),
  "gm",
)

/**
 * @param {string} text
 * @returns {[kind: string | null, text: string][]} pieces that together are the text
 */
export const pieces = (text) => {
  const found = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) found.push([null, text.slice(end, match.index)])
    const [kind] = Object.entries(match.groups).find(([, value]) => value !== undefined)
    found.push([kind, match[0]])
    end = match.index + match[0].length
  }
  if (end < text.length) found.push([null, text.slice(end)])
  return found
}

/** @param {HTMLElement} code @param {string} text */
export const colour = (code, text) => {
  const nodes = pieces(text).map(([kind, piece]) => {
    if (kind === null) return piece
    const mark = document.createElement("i")
    if (kind !== "s") mark.className = kind
    mark.textContent = piece
    return mark
  })
  code.replaceChildren(...nodes)
}
