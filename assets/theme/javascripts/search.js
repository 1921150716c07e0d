// The search: a worker in place of the theme's, which speaks with the page in the
// theme's messages. The notes are a few hundred sections: every query looks at all of
// them, by substring. So Chinese needs no segmentation, half a word finds the whole, and
// a name that is tied to a section (by the glossary: in both languages, synonyms,
// abbreviations; by docs/search.yml) finds the section that teaches it.
//
// What a query asks for is cut into names and words, without filler; a word counts for as
// much as it is rare, and the section that meets most of that comes first.

// What a section earns when it meets a query.
const WEIGHTS = {
  // For its keys, the names that are tied to it: the best one counts.
  keyIsQuery: 1000,
  keyIsCore: 900, // but for filler, inflection and order
  keyHoldsQuery: 300, // times the share of the key that the query is
  queryHoldsKey: 150, // times the share of the query that its names are, squared

  // For each word of the query, on average over the words by rarity, times the share of
  // the query that is met at all.
  wordAsKey: 0.05, // times what the word would earn as a query for the keys
  wordInTitle: 60,
  wordShareOfTitle: 60, // times the share of the title that the word is
  wordInPage: 10, // in the title of its page
  wordInText: 8,
  wordRepeated: 6, // times the logarithm of how often it stands in the text
  otherName: 0.8, // of a name that is met by another name of the same
  neighbours: 0.5, // of two words that stand side by side, on top
  pairs: 0.5, // of a Chinese word that is met by its pairs of neighbours

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
    { address: /^(glossary|symbols)\b/, factor: 0.5 },
    { address: /#(exercise|summary)/, factor: 0.6 },
  ],
}

const MOST_RESULTS = 30
const MOST_REPEATS = 8 // a word that stands more often earns no more
const LEAST_SHARE = 0.2 // of the query that a result meets
const BETWEEN = "[^a-z0-9\\u4e00-\\u9fff]{0,3}" // the words of a name: zero_grad
const TEASER = { before: 40, length: 160 } // characters
const MOST_KEPT = 500 // words of queries
const MOST_MARKED = 8 // words on the page of a result
const SHORTEST_SLIP = 5 // letters of a word that may be mistyped

// What the endings of English, and a few of Latin, leave of a word: where it begins.
const LATIN_ENDING = /(?:(?<=im)(?:a|um)|ices|ix)$/ // minima, minimum, matrices, matrix
const PLURAL = /(?:(?<=s|x|z|ch|sh)es|ies|(?<![asui])s)$/
const VERB_ENDING = /(?:ing|ed)$/
const LAST_VOWEL = /[ey]$/

// What questions are made of, and no answer. It counts if there is nothing else.
const list = (...lines) => lines.join(" ").split(" ")
const FILLER = new Set(list(
  "a about am an and any are as at be been between by can compared could did",
  "difference differences different do does doing explain explained for from get go",
  "had has have how i if in into is it its make me mean meaning means much my need of",
  "on one or please should so some tell than that the their them then there these",
  "they this those to too use used using versus via vs was we were what when where",
  "whether which who why will with work works would you your isn doesn don didn won",
  "re ve ll s t help understand know want way just really",
).map(stem))
// Chinese filler has no spaces around it. Some of it is a part of words: those first.
const CHINESE_WORDS = list(
  "目的 的确 了解 存在 现在 所在 在线 饱和 总和 求和 之和 和谐 参与 与非",
  "机会 会话 重要 主要 必要 要求 要素 要点 概要 摘要 有限 有效 有序 有向",
  "所有 含有 是非 几何 几乎",
)
const CHINESE_FILLER = list(
  "为什么 为什麼 为何 为啥 什么时候 什么意思 有什么用 什么 是什么 怎么办",
  "怎么样 怎么 怎样 如何 哪个 哪些 哪里 哪种 哪 多少 是不是 有没有 能不能",
  "可不可以 可以 能否 是否 应该 应当 需要 区别 差别 意思 含义 请问 一下",
  "到底 几 一般 之间 关于 对于 以及 还是 或者 一个 这个 那个 这些 那些",
  "我们 我的 你 我 这 那 的 了 吗 呢 吧 啊 呀 么 是 在 有 会 要 和",
  "与 跟 或 被 把 让 就 都 也 又 及 啥 咋 干嘛 介绍 解释 讲解 详解",
)
const anyOfThese = (parts) => parts.sort((one, other) => other.length - one.length).join("|")
const CHINESE = new RegExp(`${anyOfThese(CHINESE_WORDS)}|(${anyOfThese(CHINESE_FILLER)})`, "g")

// ---- Texts ----

// What a reader may type differently: width, case, punctuation, hyphens.
function normalize(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{P}\p{S}\p{Z}\s\u200b]+/gu, " ")
    .trim()
}

// Spaces between Chinese and Latin are a matter of taste: here there is always one.
function fold(text) {
  return normalize(text)
    .replace(/(?<=\p{sc=Han}) (?=\p{sc=Han})/gu, "")
    .replace(/(?<=\p{sc=Han})(?=[^\p{sc=Han} ])|(?<=[^\p{sc=Han} ])(?=\p{sc=Han})/gu, " ")
}

// So every word of it begins after a space.
function spaced(text) {
  return ` ${fold(text)}`
}

function words(text) {
  return text.split(" ").filter(Boolean)
}

function isChinese(text) {
  return /^\p{sc=Han}/u.test(text)
}

// The words in an order of their own: "gradient vanishing" is "vanishing gradient".
function inOrder(text) {
  return words(text).sort().join(" ")
}

function stem(word) {
  if (!/^[a-z]+$/.test(word)) return word
  if (LATIN_ENDING.test(word)) return without(LATIN_ENDING, word)
  const single = without(PLURAL, word)
  const verb = without(VERB_ENDING, single)
  return verb === single ? without(LAST_VOWEL, single, 4) : verb.replace(/([bdgmnprt])\1$/, "$1")
}

function without(ending, word, least = 3) {
  const left = word.replace(ending, "")
  return left.length < least || !/[aeiouy]/.test(left) ? word : left
}

function stems(text) {
  return words(text).map(stem).join(" ")
}

// The pairs of neighbours in a Chinese word of three characters or more.
function pairs(word) {
  const characters = [...word]
  if (characters.length < 3 || !isChinese(word)) return []
  return characters.slice(1).map((character, i) => characters[i] + character)
}

// As what a spaced part is looked for in a spaced text. A Latin one begins where a word
// begins: "gd" is not in "sgd".
function needle(part) {
  return isChinese(part.slice(1)) ? part.slice(1) : part
}

// ---- Sections, and all that is known of them ----

function placeFactor(location) {
  const fitting = WEIGHTS.places.filter(({ address }) => address.test(location))
  return Math.min(1, ...fitting.map(({ factor }) => factor))
}

// A section as it is fetched (weave/search/index.py) in one language or more, with what
// every query needs of it. Of the languages, pages show so many.
function prepare(versions, shown = versions.length) {
  const [{ location, keys = [] }] = versions
  const join = (some, field) => some.map((version) => version[field] ?? "").join(" ").trim()
  const joined = (field) => join(versions, field)
  const own = (field) => join(versions.slice(0, shown), field)
  return {
    location,
    title: own("title"),
    text: own("text"),
    code: own("code"),
    page: own("page"),
    groups: keys.map((names) => names.map((name) => stems(fold(name)))),
    keys: keys.flat().map(spaced),
    titles: versions.map(({ title }) => spaced(title)),
    spacedPage: location.includes("#") ? spaced(joined("page")) : "",
    spacedText: spaced(`${joined("text")} ${joined("code")}`),
    factor: placeFactor(location),
  }
}

// The sections of each language, one beside the other.
function together([first, ...others], shown) {
  const places = others.map((list) => new Map(list.map((one) => [one.location, one])))
  return first.map((one) => {
    const versions = [one, ...places.map((place) => place.get(one.location))]
    return prepare(versions, shown)
  })
}

// All that queries are held against.
function collect(sections) {
  const groups = sections.flatMap((section) => section.groups)
  const named = groups.flatMap((group) => group.map((name) => [name, group]))
  const names = new Map(named.filter(([name]) => name.length > 1))
  const anyName = anyOf(names.keys())
  for (const section of sections) {
    section.coreKeys = section.groups.flat().map((key) => core(key, anyName))
    section.orderedKeys = new Set(section.coreKeys.map(inOrder))
    section.coreTitles = section.titles.map((title) => core(stems(title), anyName))
  }
  const fields = {
    keys: field(sections, (section) => section.coreKeys),
    titles: field(sections, (section) => section.titles),
    pages: field(sections, (section) => [section.spacedPage]),
    texts: field(sections, (section) => [section.spacedText]),
  }
  const all = Object.values(fields).map(({ text }) => text).join(" ")
  const vocabulary = ["", ...new Set(all.match(/(?<= )[a-z]+/g))].join(" ")
  return { sections, names, anyName, fields, vocabulary, met: new Map() }
}

// The texts of all sections in one: a part is found in one faster than in many. And for
// each of its characters, which of the texts it is of.
function field(sections, textsOf) {
  const parts = sections.flatMap((section, i) => textsOf(section).map((text) => ({ text, i })))
  const text = parts.map((part) => part.text).join("\n")
  const owners = new Uint16Array(text.length)
  let at = 0
  parts.forEach((part, j) => {
    owners.fill(j, at, at + part.text.length)
    at += part.text.length + 1
  })
  return { text, parts, owners }
}

// The texts of a field where a part stands, and how often.
function occurrences({ text, parts, owners }, sought) {
  const times = new Map()
  let at = text.indexOf(sought)
  while (at >= 0) {
    times.set(owners[at], (times.get(owners[at]) ?? 0) + 1)
    at = text.indexOf(sought, at + sought.length)
  }
  return [...times].map(([j, times]) => ({ ...parts[j], times }))
}

// A pattern of names that stand as a whole, the longest first.
function anyOf(names) {
  const bounded = [...names]
    .sort((one, other) => other.length - one.length)
    .map((name) => (isChinese(name) ? name : `(?<![^ ])${name}`))
    .map((name) => (/\p{sc=Han}$/u.test(name) ? name : `${name}(?![^ ])`))
  return new RegExp(`(${bounded.join("|") || "(?!)"})`, "u")
}

// ---- Queries ----

// The names and the other words in a text of stems, without filler.
function cut(text, anyName) {
  // Split at a group, every second piece is what the group met.
  const pieces = text.split(anyName).map((piece, i) => (i % 2 ? [piece] : content(piece)))
  return pieces.flat()
}

function content(text) {
  const chinese = text.replace(CHINESE, (met, filler) => (filler ? " " : met))
  return words(chinese).filter((word) => !FILLER.has(word))
}

// A text of stems in one piece, without filler.
function core(text, anyName) {
  return spaced(cut(text, anyName).join(" "))
}

// A query, and the words that it comes to, each with the sections that meet it: a word that
// none does is left out.
function understood(query, index) {
  const whole = words(query).map((word) => corrected(word, index)).join(" ")
  const found = cut(stems(whole), index.anyName)
  const parts = [...new Set(found.length ? found : words(whole))]
  const asked = parts.map((part) => meet(part, index)).filter(isMet)
  const texts = asked.map(({ text }) => text)
  return {
    whole: ` ${whole}`,
    core: spaced(texts.join(" ")),
    words: asked,
    phrases: neighbours(texts, index),
    weight: total(asked, () => 1),
  }
}

// Whether all that a query asks for stands somewhere.
function knows(query, index) {
  const parts = cut(stems(query), index.anyName)
  return parts.every((part) => isMet(meet(part, index)))
}

// Two words side by side.
function neighbours(parts, index) {
  const both = parts.slice(1).map((part, i) => spaced(`${parts[i]} ${part}`).trim())
  return both.map((text) => meet(text, index))
}

// A word of Latin letters that stands nowhere is the one that is a slip away, if any is.
function corrected(word, { vocabulary }) {
  if (!/^[a-z]+$/.test(word) || word.length < SHORTEST_SLIP) return word
  if (vocabulary.includes(` ${stem(word)}`)) return word
  return words(vocabulary).find((known) => isSlip(word, known)) ?? word
}

// Whether one letter is missing, too many, another, or swapped with its neighbour.
function isSlip(word, known) {
  if (Math.abs(word.length - known.length) > 1) return false
  let same = 0
  while (same < word.length && word[same] === known[same]) same += 1
  const [rest, other] = [word.slice(same), known.slice(same)]
  const swapped = other.length > 1 && other[1] + other[0] + other.slice(2)
  return [other, other.slice(1)].includes(rest.slice(1)) || [other.slice(1), swapped].includes(rest)
}

// A word, what each section earns by it, and what it counts for: the rarer the more.
// While a query is typed, most of its words have been met before.
function meet(text, index) {
  if (index.met.size > MOST_KEPT) index.met.clear()
  if (!index.met.has(text)) index.met.set(text, metAnew(text, index))
  return index.met.get(text)
}

function metAnew(text, index) {
  const others = (index.names.get(text) ?? []).filter((name) => name !== text)
  const scores = earnings(text, index)
  for (const other of others.map((name) => earnings(name, index))) {
    other.forEach((score, i) => {
      scores[i] = Math.max(scores[i], WEIGHTS.otherName * score)
    })
  }
  const shares = scores.map((score) => (score ? 1 : 0))
  const weight = rarity(scores.filter(Boolean).length, scores.length)
  // A pair that stands nowhere is the end of one word and the beginning of the next.
  const unnamed = index.names.has(text) ? [] : pairs(text)
  const parts = unnamed.map((pair) => meet(pair, index)).filter(isMet)
  if (parts.length) meetByParts(parts, scores, shares)
  return { text, others, parts, scores, shares, weight }
}

function isMet({ shares }) {
  return shares.some(Boolean)
}

function meetByParts(parts, scores, shares) {
  scores.forEach((score, i) => {
    if (score) return
    scores[i] = WEIGHTS.pairs * average(parts, (part) => part.scores[i])
    shares[i] = average(parts, (part) => part.shares[i])
  })
}

// The weight of a word that n of all sections meet, as in BM25.
function rarity(n, all) {
  return Math.log(1 + (all - n + 0.5) / (Math.max(n, 1) + 0.5))
}

function total(parts, value) {
  return parts.reduce((sum, part) => sum + part.weight * value(part), 0)
}

function average(parts, value) {
  return total(parts, value) / total(parts, () => 1)
}

// ---- Scores ----

// What each section earns by a word.
function earnings(word, { sections, fields }) {
  const sought = needle(` ${word}`)
  const scores = Array(sections.length).fill(0)
  for (const { i, text } of occurrences(fields.keys, sought)) {
    scores[i] = Math.max(scores[i], WEIGHTS.wordAsKey * shareOfKey(text, sought))
  }
  for (const { i, text } of occurrences(fields.titles, sought)) {
    scores[i] += WEIGHTS.wordInTitle + (WEIGHTS.wordShareOfTitle * word.length) / text.length
  }
  for (const { i } of occurrences(fields.pages, sought)) scores[i] += WEIGHTS.wordInPage
  for (const { i, times } of occurrences(fields.texts, sought)) {
    const repeated = Math.log2(Math.min(times, MOST_REPEATS) + 1)
    scores[i] += WEIGHTS.wordInText + WEIGHTS.wordRepeated * repeated
  }
  return scores
}

function shareOfKey(key, part) {
  if (!key.includes(part)) return 0
  const share = part.trim().length / key.trim().length
  return share === 1 ? WEIGHTS.keyIsQuery : WEIGHTS.keyHoldsQuery * share
}

function keyScore({ keys, coreKeys, orderedKeys, groups }, { whole, core, words, weight }) {
  if (!keys.length) return 0
  if (keys.includes(whole)) return WEIGHTS.keyIsQuery
  if (orderedKeys.has(inOrder(core))) return WEIGHTS.keyIsCore
  const held = words.filter(({ text }) => groups.some((group) => group.includes(text)))
  const share = total(held, () => 1) / weight
  const holding = [
    ...keys.map((key) => shareOfKey(key, needle(whole))),
    ...coreKeys.map((key) => shareOfKey(key, needle(core))),
  ]
  return Math.max(WEIGHTS.queryHoldsKey * share ** 2, ...holding)
}

function wholeScore({ titles, coreTitles, spacedText }, { whole, core, words }) {
  if (titles.includes(whole) || coreTitles.includes(core)) return WEIGHTS.titleIsQuery
  if (words.length === 1) return 0
  const [all, most] = [needle(whole), needle(core)]
  if (titles.some((title) => title.includes(all))) return WEIGHTS.titleHoldsQuery
  if (coreTitles.some((title) => title.includes(most))) return WEIGHTS.titleHoldsQuery
  return spacedText.includes(all) || spacedText.includes(most) ? WEIGHTS.textHoldsQuery : 0
}

function score(section, i, query) {
  const keys = keyScore(section, query)
  const share = average(query.words, (word) => word.shares[i])
  if (!keys && share < LEAST_SHARE) return 0
  const met = average(query.words, (word) => word.scores[i]) * share
  const near = total(query.phrases, (phrase) => phrase.scores[i]) / query.weight
  const byWords = met + WEIGHTS.neighbours * near
  return (keys + byWords + wholeScore(section, query)) * section.factor
}

// ---- Results, as the page shows them ----

function escapeHtml(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;" }
  return text.replace(/[&<>]/g, (character) => entities[character])
}

// A pattern of what a query looks for, however it is written: first as a whole, then what
// counts for most; a stem up to the end of its word.
function sought({ core, words: asked }) {
  const byWeight = [...asked].sort((one, other) => other.weight - one.weight)
  const forms = ({ text, others, parts }) => [text, ...others, ...parts.flatMap(forms)]
  const all = [core, ...byWeight.flatMap(forms)]
  const patterns = all.map((form) => words(form).map(written).join(BETWEEN))
  return new RegExp(`(${[...new Set(patterns)].join("|")})`, "gi")
}

function written(word) {
  return isChinese(word) ? word : `(?<![a-z0-9])${word}[a-z0-9]*`
}

// HTML of a text, with what was looked for marked.
function marked(text, pattern) {
  // Split at a group, every second piece is what the group met.
  return text
    .split(pattern)
    .map(escapeHtml)
    .map((piece, i) => (i % 2 ? `<mark data-md-highlight>${piece}</mark>` : piece))
    .join("")
}

// Where in a text the line begins that has most of what was met.
function bestStart(met) {
  const counts = met.map(({ index }) => {
    const near = met.filter((one) => one.index >= index && one.index < index + TEASER.length / 2)
    return new Set(near.flatMap(([part]) => words(part.toLowerCase()))).size
  })
  const best = met[counts.indexOf(Math.max(...counts))]
  return Math.max(0, (best?.index ?? 0) - TEASER.before)
}

// HTML of a line or two of a text.
function teaser(text, pattern, met) {
  const start = bestStart(met)
  const end = start + TEASER.length
  const line = marked(text.slice(start, end), pattern)
  return `${start > 0 ? "…" : ""}${line}${end < text.length ? "…" : ""}`
}

function result({ location, title, text, code, page }, pattern, query, score) {
  const met = [...text.matchAll(pattern)]
  const inCode = met.length ? [] : [...code.matchAll(pattern)]
  const where = page && page !== title ? `<b>${escapeHtml(page)}</b> ` : ""
  const line = inCode.length ? teaser(code, pattern, inCode) : teaser(text, pattern, met)
  return {
    location,
    // The theme shows a text only for whole pages: ours goes with the title.
    title: `${marked(title, pattern)}<span class="found">${where}${line}</span>`,
    text: "",
    score,
    terms: terms([...title.matchAll(pattern), ...met, ...inCode], query),
  }
}

// What the theme marks on the page of a result: words as they stand there. It looks for
// them anywhere, and so for none of a single letter; for nothing at all it would mark every
// place, so it gets what stands nowhere.
function terms(met, query) {
  const all = met.flatMap(([part]) => words(part.toLowerCase())).filter((word) => word.length > 1)
  const marks = all.length ? [...new Set(all)].slice(0, MOST_MARKED) : [words(query).join("")]
  return Object.fromEntries(marks.map((word) => [word, true]))
}

// The theme groups the results of a page: each of ours is a group of its own.
function search(index, text) {
  const query = understood(text, index)
  if (!query.words.length) return []
  const pattern = sought(query)
  return index.sections
    .map((section, i) => ({ section, score: score(section, i, query) }))
    .filter((hit) => hit.score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST_RESULTS)
    .map((hit) => [result(hit.section, pattern, text, hit.score)])
}

// ---- Messages: 0 brings the index, 1 says ready, 2 asks a query, 3 brings results ----

const READY = 1
const QUERY = 2
const RESULT = 3

let chapters // bring the index of the languages that a page shows, but for the labs
let own // brings all of it
let wide // of all languages: what pages do not show helps to find them
let asked = 0 // queries so far: only the last one is answered

// What is made when it is first asked for (most readers look for nothing), and again if
// that failed.
function once(make) {
  let promise
  return () => {
    promise ??= make().catch((error) => {
      promise = undefined
      throw error
    })
    return promise
  }
}

async function load(place) {
  const response = await fetch(new URL(`../${place}`, location))
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`)
  return response.json()
}

// The chapters answer as soon as they are there, without waiting for the labs.
async function answer(query) {
  asked += 1
  const turn = asked
  const say = (items) => {
    if (turn === asked) postMessage({ type: RESULT, data: { items } })
  }
  if (!query) return say([])
  const first = await Promise.race([own(), chapters()])
  if (knows(query, first)) say(search(first, query))
  const whole = await own()
  if (!knows(query, whole)) say(search(await wide(), query))
  else if (whole !== first) say(search(whole, query))
}

function setUp({ config, docs }) {
  const { sections, labs, others } = config
  const places = [...sections, ...labs, ...others]
  // A page that is read from a folder brought the sections along.
  const lists = new Map(
    places.map((place, i) => [place, once(async () => docs[i] ?? load(place))]),
  )
  // The sections of a language are in one list, or in two.
  const index = (languages) =>
    once(async () => {
      const parts = languages.map((some) => Promise.all(some.map((place) => lists.get(place)())))
      const loaded = (await Promise.all(parts)).map((lists) => lists.flat())
      return collect(together(loaded, sections.length))
    })
  const shown = sections.map((place, i) => [place, labs[i]])
  chapters = index(sections.map((place) => [place]))
  own = index(shown)
  wide = index([...shown, ...others.length ? [others] : []])
  postMessage({ type: READY })
}

addEventListener("message", ({ data: { type, data } }) => {
  if (type === QUERY) return answer(fold(data))
  setUp(data)
})
