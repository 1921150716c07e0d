// The search, in place of the theme's worker and with its messages (0 index → 1 ready,
// 2 query → 3 result). The notes are a few hundred sections: every query looks at all of
// them, by substring. So Chinese needs no segmentation, half a word finds the whole, and
// a word that the glossary ties to a section (its names in both languages, synonyms,
// abbreviations) finds the section that teaches it.

const READY = 1, QUERY = 2, RESULT = 3
const MOST = 30
let place, sections // where they are fetched from; a promise of them
let asked = 0 // queries so far: only the last is answered

// What a reader may type differently: width, case, accents, punctuation, hyphens.
function normalize(text) {
  return text.normalize("NFKC").toLowerCase()
    .replace(/[\p{P}\p{S}\p{Z}\s\u200b]+/gu, " ").trim()
}

// Spaces between Chinese and Latin are a matter of taste.
const tighten = (text) => text.replace(/(?<=\p{sc=Han}) | (?=\p{sc=Han})/gu, "")
const fold = (text) => tighten(normalize(text))

function prepare({ location, title, text, page, keys = [], weight = 1 }) {
  return { location, title, text, page, weight, keys: keys.map(fold),
    foldedTitle: fold(title), foldedText: fold(text) }
}

// A query's words; of a Chinese one that stands nowhere as it is, its pairs of characters.
function words(query) {
  return query.split(" ").filter(Boolean)
}

function pairs(word) {
  const characters = [...word]
  if (characters.length < 3 || !/\p{sc=Han}/u.test(word)) return []
  return characters.slice(1).map((c, i) => characters[i] + c)
}

function count(text, part) {
  let found = 0
  for (let at = text.indexOf(part); at >= 0 && found < 8; at = text.indexOf(part, at + part.length)) found++
  return found
}

// Latin words begin at a word's beginning: "gd" is not in "sgd".
function holds(text, part) {
  const at = text.indexOf(part)
  if (at < 0 || !/^[a-z0-9]/.test(part)) return at >= 0
  return (" " + text.replace(/\p{sc=Han}+/gu, " ")).includes(" " + part)
}

function keyScore(keys, query) {
  let best = 0
  for (const key of keys) {
    if (key === query) best = Math.max(best, 1000)
    else if (holds(key, query)) best = Math.max(best, 300 * query.length / key.length)
    else if (key.length > 1 && holds(query, key)) best = Math.max(best, 400 * key.length / query.length)
  }
  return best
}

function wordScore(section, word) {
  let score = keyScore(section.keys, word) / 10
  if (holds(section.foldedTitle, word)) score += 60 + 60 * word.length / section.foldedTitle.length
  if (holds(section.foldedText, word)) score += 8 + 4 * Math.log2(count(section.foldedText, word) + 1)
  if (score) return score
  const parts = pairs(word)
  const met = parts.filter((p) => section.foldedTitle.includes(p) || section.foldedText.includes(p))
  return met.length * 2 > parts.length ? 8 * met.length / parts.length : 0
}

function score(section, query) {
  const each = words(query).map((word) => wordScore(section, word))
  const whole = keyScore(section.keys, query)
  if (!whole && each.some((s) => s === 0)) return 0
  let sum = whole + each.reduce((a, b) => a + b, 0) / each.length
  if (section.foldedTitle === query) sum += 200
  else if (each.length > 1 && holds(section.foldedTitle, query)) sum += 80
  else if (each.length > 1 && holds(section.foldedText, query)) sum += 20
  return sum * section.weight
}

const escape = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c])

function marked(text, query) {
  const parts = [...new Set([query, ...words(query)])].map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  return escape(text).replace(new RegExp(parts.join("|"), "giu"), (m) => `<mark data-md-highlight>${m}</mark>`)
}

// A line or two around the first place where the query stands.
function teaser(text, query) {
  const lower = text.toLowerCase()
  const at = Math.max(0, ...[query, ...words(query)].map((w) => lower.indexOf(w)).filter((i) => i > 0).slice(0, 1))
  const start = Math.max(0, at - 40)
  const piece = text.slice(start, start + 160)
  return `${start ? "…" : ""}${marked(piece, query)}${start + 160 < text.length ? "…" : ""}`
}

function found(section, query) {
  const page = section.page && section.page !== section.title ? `<b>${escape(section.page)}</b> ` : ""
  return page + teaser(section.text, query)
}

function search(sections, query) {
  return sections
    .map((section) => ({ section, score: score(section, query) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ section, score }) => [{
      location: section.location,
      // The theme shows a text only for whole pages: ours goes with the title.
      title: `${marked(section.title, query)}<span class="found">${found(section, query)}</span>`,
      text: "",
      score,
      terms: { [query]: true },
    }])
}

// Most readers look for nothing: the sections come with the first query.
async function load() {
  const answer = await fetch(new URL(`../${place}`, location))
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`)
  return (await answer.json()).map(prepare)
}

async function results(query) {
  if (!query) return []
  sections ??= load().catch((error) => { sections = undefined; throw error })
  return search(await sections, query)
}

async function answer(query) {
  const turn = ++asked
  const items = await results(query)
  if (turn === asked) postMessage({ type: RESULT, data: { items } })
}

addEventListener("message", ({ data: { type, data } }) => {
  if (type === QUERY) return answer(fold(data))
  place = data.config.sections
  // A page that is read from a folder brought them along.
  if (data.docs.length) sections = Promise.resolve(data.docs.map(prepare))
  postMessage({ type: READY })
})
