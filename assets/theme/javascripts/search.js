// The search: a worker in place of the theme's, which speaks with the page in the
// theme's messages. The notes are a few hundred sections: every query looks at all of
// them, by substring. So Chinese needs no segmentation, half a word finds the whole, and
// a word that is tied to a section (by the glossary: its names in both languages,
// synonyms, abbreviations; by docs/search.yml) finds the section that teaches it.

// What a section earns when it meets a query.
const WEIGHTS = {
  // For its keys, the words that are tied to it: the best one counts.
  keyIsQuery: 1000,
  keyHoldsQuery: 300, // times the share of the key that the query is
  queryHoldsKey: 400, // times the share of the query that the key is

  // For each word of the query, on average over the words.
  wordAsKey: 0.1, // times what the word would earn as a query for the keys
  wordInTitle: 60,
  wordShareOfTitle: 60, // times the share of the title that the word is
  wordInText: 8,
  wordRepeated: 4, // times the logarithm of how often it stands in the text
  wordInPairs: 8, // of a Chinese word that stands nowhere: times the share that does

  // For the query as a whole.
  titleIsQuery: 200,
  titleHoldsQuery: 80, // if it has several words
  textHoldsQuery: 20, // if it has several words

  // Where a reader rather wants to land: in a chapter, then in what is derived from it.
  // The sum is multiplied by the least of those that fit the section's address.
  places: [
    { address: /^errata\b/, factor: 0.3 },
    { address: /^(index\.html)?(#|$)/, factor: 0.4 }, // the home page
    { address: /^labs\//, factor: 0.5 },
    { address: /^glossary\b/, factor: 0.6 },
    { address: /#(exercise|summary)/, factor: 0.6 },
  ],
}

const MOST_RESULTS = 30
const MOST_REPEATS = 8 // a word that stands more often earns no more
const TEASER = { before: 40, length: 160 } // characters

// ---- Texts and queries ----

// What a reader may type differently: width, case, punctuation, hyphens.
function normalize(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{P}\p{S}\p{Z}\s\u200b]+/gu, " ")
    .trim()
}

// Spaces between Chinese and Latin are a matter of taste.
function fold(text) {
  return normalize(text).replace(/(?<=\p{sc=Han}) | (?=\p{sc=Han})/gu, "")
}

function words(query) {
  return query.split(" ").filter(Boolean)
}

// The pairs of neighbours in a Chinese word of three characters or more.
function pairs(word) {
  const characters = [...word]
  if (characters.length < 3 || !/\p{sc=Han}/u.test(word)) return []
  return characters.slice(1).map((character, i) => characters[i] + character)
}

// How often a part stands in a text.
function count(text, part) {
  let times = 0
  let at = text.indexOf(part)
  while (at >= 0 && times < MOST_REPEATS) {
    times += 1
    at = text.indexOf(part, at + part.length)
  }
  return times
}

// Whether a part stands in a text. A Latin one begins where a word begins: "gd" is not
// in "sgd".
function holds(text, part) {
  if (!text.includes(part)) return false
  if (!/^[a-z0-9]/.test(part)) return true
  const latin = text.replace(/\p{sc=Han}+/gu, " ")
  return ` ${latin}`.includes(` ${part}`)
}

// ---- Sections and their scores ----

function placeFactor(location) {
  const fitting = WEIGHTS.places.filter(({ address }) => address.test(location))
  return Math.min(1, ...fitting.map(({ factor }) => factor))
}

// A section as it is fetched (weave/search/index.py), with what every query needs of it.
function prepare({ location, title, text, page, keys = [] }) {
  return {
    location,
    title,
    text,
    page,
    keys: keys.map(fold),
    foldedTitle: fold(title),
    foldedText: fold(text),
    factor: placeFactor(location),
  }
}

function keyScore(keys, query) {
  const scores = keys.map((key) => {
    if (key === query) return WEIGHTS.keyIsQuery
    if (holds(key, query)) return (WEIGHTS.keyHoldsQuery * query.length) / key.length
    if (key.length > 1 && holds(query, key)) {
      return (WEIGHTS.queryHoldsKey * key.length) / query.length
    }
    return 0
  })
  return Math.max(0, ...scores)
}

function wordScore({ keys, foldedTitle, foldedText }, word) {
  let score = WEIGHTS.wordAsKey * keyScore(keys, word)
  if (holds(foldedTitle, word)) {
    const share = word.length / foldedTitle.length
    score += WEIGHTS.wordInTitle + WEIGHTS.wordShareOfTitle * share
  }
  if (holds(foldedText, word)) {
    const times = count(foldedText, word)
    score += WEIGHTS.wordInText + WEIGHTS.wordRepeated * Math.log2(times + 1)
  }
  return score || pairScore(foldedTitle, foldedText, word)
}

// Of a Chinese word that stands nowhere as it is, more than half of the pairs have to.
function pairScore(title, text, word) {
  const all = pairs(word)
  const met = all.filter((pair) => title.includes(pair) || text.includes(pair))
  if (met.length * 2 <= all.length) return 0
  return (WEIGHTS.wordInPairs * met.length) / all.length
}

// Every word has to stand somewhere in the section, unless a key speaks for the whole.
function score(section, query) {
  const keys = keyScore(section.keys, query)
  const each = words(query).map((word) => wordScore(section, word))
  if (!keys && each.includes(0)) return 0

  const average = each.reduce((sum, one) => sum + one, 0) / each.length
  return (keys + average + wholeScore(section, query, each.length)) * section.factor
}

function wholeScore({ foldedTitle, foldedText }, query, length) {
  if (foldedTitle === query) return WEIGHTS.titleIsQuery
  if (length === 1) return 0
  if (holds(foldedTitle, query)) return WEIGHTS.titleHoldsQuery
  return holds(foldedText, query) ? WEIGHTS.textHoldsQuery : 0
}

// ---- Results, as the page shows them ----

function escapeHtml(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;" }
  return text.replace(/[&<>]/g, (character) => entities[character])
}

// The query as a whole, then its words.
function sought(query) {
  return [...new Set([query, ...words(query)])]
}

// HTML of a text, with what was looked for marked.
function marked(text, query) {
  const parts = sought(query).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  // Split at a group, every second piece is what the group met.
  const pieces = text.split(new RegExp(`(${parts.join("|")})`, "giu"))
  return pieces
    .map(escapeHtml)
    .map((piece, i) => (i % 2 ? `<mark data-md-highlight>${piece}</mark>` : piece))
    .join("")
}

// HTML of a line or two around the first place where something sought stands.
function teaser(text, query) {
  const lower = text.toLowerCase()
  const places = sought(query).map((part) => lower.indexOf(part))
  const at = places.find((place) => place >= 0) ?? 0
  const start = Math.max(0, at - TEASER.before)
  const end = start + TEASER.length
  const line = marked(text.slice(start, end), query)
  return `${start > 0 ? "…" : ""}${line}${end < text.length ? "…" : ""}`
}

function result(section, query, score) {
  const { location, title, text, page } = section
  const where = page && page !== title ? `<b>${escapeHtml(page)}</b> ` : ""
  const below = `<span class="found">${where}${teaser(text, query)}</span>`
  return {
    location,
    // The theme shows a text only for whole pages: ours goes with the title.
    title: marked(title, query) + below,
    text: "",
    score,
    terms: { [query]: true },
  }
}

// The theme groups the results of a page: each of ours is a group of its own.
function search(sections, query) {
  return sections
    .map((section) => ({ section, score: score(section, query) }))
    .filter((hit) => hit.score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST_RESULTS)
    .map((hit) => [result(hit.section, query, hit.score)])
}

// ---- Messages: 0 brings the index, 1 says ready, 2 asks a query, 3 brings results ----

const READY = 1
const QUERY = 2
const RESULT = 3

let place // where the sections are fetched from
let sections // a promise of them: most readers look for nothing
let asked = 0 // queries so far: only the last one is answered

async function load() {
  const response = await fetch(new URL(`../${place}`, location))
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`)
  return (await response.json()).map(prepare)
}

async function results(query) {
  if (!query) return []
  sections ??= load().catch((error) => {
    sections = undefined // the next query tries again
    throw error
  })
  return search(await sections, query)
}

async function answer(query) {
  asked += 1
  const turn = asked
  const items = await results(query)
  if (turn === asked) postMessage({ type: RESULT, data: { items } })
}

function setUp({ config, docs }) {
  place = config.sections
  // A page that is read from a folder brought the sections along.
  if (docs.length) sections = Promise.resolve(docs.map(prepare))
  postMessage({ type: READY })
}

addEventListener("message", ({ data: { type, data } }) => {
  if (type === QUERY) return answer(fold(data))
  setUp(data)
})
