// The search's functions and its messages, without a browser. Node.js 20 runs this:
// node --test tests/theme/search.test.mjs (make test does, too).

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { describe, test } from "node:test"
import vm from "node:vm"

const SCRIPT = new URL("../../assets/theme/javascripts/search.js", import.meta.url)
const SOURCE = new vm.Script(readFileSync(SCRIPT, "utf8"), { filename: SCRIPT.pathname })

const OVERFITTING = {
  location: "training-guide/#overfitting",
  title: "过拟合",
  text: "训练损失小，测试损失大。",
  page: "机器学习任务攻略",
  keys: ["过拟合", "overfitting"],
}

// A worker with nothing around it but what is given here.
function worker({ fetch } = {}) {
  const listeners = []
  const posted = []
  const world = vm.createContext({
    addEventListener: (type, listener) => listeners.push({ type, listener }),
    postMessage: (message) => posted.push(plain(message)),
    fetch,
    location: "https://notes.test/javascripts/search.js",
    URL,
  })
  SOURCE.runInContext(world)
  const send = (data) => {
    const heard = listeners.filter(({ type }) => type === "message")
    return Promise.all(heard.map(({ listener }) => listener({ data })))
  }
  return { get: (name) => vm.runInContext(name, world), send, posted }
}

// What another world made has another Array and Object: deepEqual would tell.
const plain = (value) => JSON.parse(JSON.stringify(value))

const { get } = worker()
const WEIGHTS = get("WEIGHTS")
const normalize = get("normalize")
const fold = get("fold")
const words = get("words")
const pairs = get("pairs")
const holds = get("holds")
const count = get("count")
const keyScore = get("keyScore")
const wordScore = get("wordScore")
const score = get("score")
const placeFactor = get("placeFactor")
const marked = get("marked")
const teaser = get("teaser")
const search = get("search")
const prepare = get("prepare")

const section = (given) =>
  prepare({ location: "a/", title: "", text: "", page: "", ...given })

// Texts of pieces that are likely to go wrong, the same ones at every run.
function* texts(pieces, most) {
  let seed = 1
  const random = (below) => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  for (let i = 0; i < 2000; i++) {
    yield Array.from({ length: random(most) }, () => pieces[random(pieces.length)]).join("")
  }
}

describe("what a reader may type differently", () => {
  test("width, case, punctuation and spaces are one", () => {
    assert.equal(normalize("ＲｅＬＵ"), "relu")
    assert.equal(normalize("  Mini-Batch，\u200bSGD（2） "), "mini batch sgd 2")
    assert.equal(normalize("？！+"), "")
  })

  test("spaces between Chinese and Latin are none, between Latin words one", () => {
    assert.equal(fold("S 型 函数"), "s型函数")
    assert.equal(fold("chain  rule"), "chain rule")
    assert.equal(fold("用 chain rule 求导"), "用chain rule求导")
  })

  test("what is folded stays as it is", () => {
    for (const text of texts(["a", "B", " ", "-", "型", "，", "Ａ", "ﬁ", "\u3000"], 9)) {
      assert.equal(fold(fold(text)), fold(text))
    }
  })
})

describe("parts of a query", () => {
  test("a query has words", () => {
    assert.deepEqual(plain(words("chain rule")), ["chain", "rule"])
    assert.deepEqual(plain(words("")), [])
  })

  test("a Chinese word of three or more has pairs, a Latin one has none", () => {
    assert.deepEqual(plain(pairs("过拟合")), ["过拟", "拟合"])
    assert.deepEqual(plain(pairs("𠮷野家")), ["𠮷野", "野家"]) // two code units, one letter
    assert.deepEqual(plain(pairs("梯度")), [])
    assert.deepEqual(plain(pairs("gradient")), [])
  })
})

describe("whether and how often a part stands in a text", () => {
  test("a Latin part begins where a word begins", () => {
    assert.equal(holds("gd and sgd", "gd"), true)
    assert.equal(holds("sgd", "gd"), false)
    assert.equal(holds("gradient", "grad"), true)
    assert.equal(holds("用gd训练", "gd"), true)
  })

  test("a Chinese part stands anywhere", () => {
    assert.equal(holds("为什么过拟合", "拟合"), true)
    assert.equal(holds("过拟", "拟合"), false)
  })

  test("occurrences do not overlap, and no more than eight count", () => {
    assert.equal(count("aaaa", "aa"), 2)
    assert.equal(count("b", "a"), 0)
    assert.equal(count("a ".repeat(8), "a"), 8)
    assert.equal(count("a ".repeat(20), "a"), 8)
  })
})

describe("what a section earns", () => {
  test("a key is best as a whole, else by its share", () => {
    assert.equal(keyScore(["relu"], "relu"), WEIGHTS.keyIsQuery)
    assert.equal(keyScore(["chain rule"], "chain"), WEIGHTS.keyHoldsQuery / 2)
    assert.equal(keyScore(["chain"], "chain rule"), WEIGHTS.queryHoldsKey / 2)
    assert.equal(keyScore(["relu"], "sigmoid"), 0)
    assert.equal(keyScore([], "relu"), 0)
  })

  test("of several keys the best one counts, and one letter is not part of a query", () => {
    assert.equal(keyScore(["chain", "rule", "chain rule"], "chain rule"), WEIGHTS.keyIsQuery)
    assert.equal(keyScore(["x"], "x axis"), 0)
    assert.equal(keyScore(["x"], "x"), WEIGHTS.keyIsQuery)
  })

  test("a word earns in the title, in the text, as a key", () => {
    const { wordInTitle, wordShareOfTitle, wordInText, wordRepeated } = WEIGHTS
    const title = wordScore(section({ title: "ReLU now" }), "relu")
    assert.equal(title, wordInTitle + wordShareOfTitle / 2)
    const once = wordScore(section({ text: "The ReLU." }), "relu")
    assert.equal(once, wordInText + wordRepeated)
    const thrice = wordScore(section({ text: "ReLU, ReLU, ReLU." }), "relu")
    assert.equal(thrice, wordInText + 2 * wordRepeated)
    const key = wordScore(section({ keys: ["ReLU"] }), "relu")
    assert.equal(key, WEIGHTS.wordAsKey * WEIGHTS.keyIsQuery)
  })

  test("a Chinese word that stands nowhere earns by more than half of its pairs", () => {
    const text = section({ text: "梯度会消失" })
    assert.equal(wordScore(text, "梯度消失"), (WEIGHTS.wordInPairs * 2) / 3)
    assert.equal(wordScore(text, "梯度下降法"), 0)
    assert.equal(wordScore(section({ text: "梯度" }), "梯度值"), 0) // just half
  })

  test("every word has to stand somewhere, unless a key speaks for the whole", () => {
    const text = section({ text: "the chain rule" })
    assert.ok(score(text, "chain rule") > 0)
    assert.equal(score(text, "chain reaction"), 0)
    assert.ok(score(section({ keys: ["chain"] }), "chain reaction") > 0)
  })

  test("the query as a whole earns more: as the title, in it, in the text", () => {
    const whole = (given) => score(section(given), "chain rule")
    const apart = (given) => score(section(given), "rule chain")
    const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one}, ${other}`)
    const title = { title: "Chain rule" }
    near(whole(title) - apart(title), WEIGHTS.titleIsQuery)
    const longer = { title: "The chain rule" }
    near(whole(longer) - apart(longer), WEIGHTS.titleHoldsQuery)
    const text = { text: "The chain rule." }
    near(whole(text) - apart(text), WEIGHTS.textHoldsQuery)
    near(apart(text), wordScore(section(text), "rule")) // the average of two equals
  })

  test("a single word does not earn twice for standing in title and text", () => {
    const text = section({ text: "relu" })
    assert.equal(score(text, "relu"), wordScore(text, "relu"))
  })

  for (const [location, factor] of [
    ["", 0.4],
    ["#labs", 0.4],
    ["index.html", 0.4],
    ["index.html#labs", 0.4],
    ["errata/", 0.3],
    ["errata.html#chapters", 0.3],
    ["labs/overfitting/#plot", 0.5],
    ["labs/overfitting.html", 0.5],
    ["labs/overfitting/#exercise-1", 0.5], // the least that fits
    ["glossary/", 0.6],
    ["glossary.html#relu", 0.6],
    ["backpropagation/#summary", 0.6],
    ["backpropagation.html#exercise-2", 0.6],
    ["backpropagation/", 1],
    ["backpropagation/#chain-rule", 1],
  ]) {
    test(`a section at "${location}" counts ${factor}`, () => {
      assert.equal(placeFactor(location), factor)
      const found = score(section({ location, title: "ReLU" }), "relu")
      const full = score(section({ title: "ReLU" }), "relu")
      assert.equal(found, full * factor)
    })
  }
})

describe("what a page shows of a section", () => {
  const MARK = /<mark data-md-highlight>|<\/mark>/g

  test("the query and its words are marked, in the text's own letters", () => {
    const all = marked("Chain Rule: a rule", "chain rule")
    const mark = (text) => `<mark data-md-highlight>${text}</mark>`
    assert.equal(all, `${mark("Chain Rule")}: a ${mark("rule")}`)
    assert.equal(marked("过拟合", "拟合"), `过${mark("拟合")}`)
  })

  test("nothing of a text becomes markup, and nothing is lost", () => {
    const read = (html) =>
      html.replace(MARK, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&")
    const pieces = ["<", ">", "&", "amp", "lt;", "a", " ", "<mark>", "</b>", "$&", "过"]
    for (const text of texts(pieces, 12)) {
      for (const query of ["a", "lt", "amp", "a amp", "b", "mark", "过"]) {
        const html = marked(text, query)
        assert.doesNotMatch(html.replace(MARK, ""), /[<>]|&(?!lt;|gt;|amp;)/)
        assert.equal(read(html), text)
      }
    }
  })

  test("a query's own characters are no pattern", () => {
    assert.equal(marked("abc", "."), "abc")
    assert.doesNotThrow(() => marked("a(b", "("))
  })

  test("a line begins a little before the first place that is met", () => {
    const text = `${"x".repeat(100)} relu ${"y".repeat(200)}`
    const line = teaser(text, "relu").replace(MARK, "")
    assert.match(line, /^…x{39} relu y+…$/)
    assert.equal(line.length, 162)
    assert.equal(teaser("short", "relu"), "short")
    assert.match(teaser(text, "x y"), /^<mark/)
  })

  test("a title from the notes is escaped, and so is its page's", () => {
    const [[hit]] = search([section({ title: "a < b", page: "<i>", text: "<u>" })], "b")
    assert.equal(
      hit.title,
      'a &lt; <mark data-md-highlight>b</mark><span class="found"><b>&lt;i&gt;</b> &lt;u&gt;</span>',
    )
  })

  test("a page's own section does not name the page again", () => {
    const [[hit]] = search([section({ title: "ReLU", page: "ReLU", text: "t" })], "relu")
    assert.doesNotMatch(hit.title, /<b>/)
  })
})

describe("the order of results", () => {
  test("the section that teaches a term comes before those that name it", () => {
    const found = search(
      [
        section({ location: "b/", text: "overfitting, overfitting, overfitting" }),
        section({ location: "labs/c/", title: "Overfitting" }),
        section({ location: "d/", text: "nothing" }),
        section(OVERFITTING),
        section({ location: "e/", title: "Overfitting and more" }),
      ],
      "overfitting",
    )
    const places = found.flat().map((hit) => hit.location)
    assert.deepEqual(plain(places), [OVERFITTING.location, "labs/c/", "e/", "b/"])
  })

  test("of equals the first stays first, and no more than thirty are shown", () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      section({ location: `${i}/`, text: "relu" }),
    )
    const places = search(many, "relu").map(([hit]) => hit.location)
    assert.deepEqual(plain(places), Array.from({ length: 30 }, (_, i) => `${i}/`))
  })
})

describe("the messages", () => {
  const [INDEX, READY, QUERY, RESULT] = [0, 1, 2, 3]
  const index = (docs = []) => {
    return { type: INDEX, data: { config: { sections: "zh/search/sections.json" }, docs } }
  }
  const query = (data) => ({ type: QUERY, data })
  const response = (docs) => ({ ok: true, json: async () => docs })
  const locations = ({ data }) => data.items.flat().map((item) => item.location)

  test("the index is answered with ready, and nothing is fetched for it", async () => {
    const { send, posted } = worker({ fetch: () => assert.fail("fetched") })
    await send(index())
    assert.deepEqual(posted, [{ type: READY }])
  })

  test("a query is answered with results from the sections, fetched once", async () => {
    const fetched = []
    const fetch = async (url) => {
      fetched.push(String(url))
      return response([OVERFITTING])
    }
    const { send, posted } = worker({ fetch })
    await send(index())
    await send(query("ＯＶＥＲfitting!"))
    await send(query("relu"))
    assert.deepEqual(fetched, ["https://notes.test/zh/search/sections.json"])
    const answers = posted.slice(1)
    assert.deepEqual(answers.map(({ type }) => type), [RESULT, RESULT])
    assert.deepEqual(answers.map(locations), [[OVERFITTING.location], []])
    assert.deepEqual(answers[0].data.items[0][0].terms, { overfitting: true })
  })

  test("a query without a letter has no results and fetches nothing", async () => {
    const { send, posted } = worker({ fetch: () => assert.fail("fetched") })
    await send(index())
    await send(query(" ？ "))
    assert.deepEqual(posted[1], { type: RESULT, data: { items: [] } })
  })

  test("sections that came with the index are not fetched", async () => {
    const { send, posted } = worker({ fetch: () => assert.fail("fetched") })
    await send(index([OVERFITTING]))
    await send(query("过拟合"))
    assert.deepEqual(locations(posted[1]), [OVERFITTING.location])
  })

  test("only the last of several queries is answered", async () => {
    const { send, posted } = worker({ fetch: async () => response([OVERFITTING]) })
    await send(index())
    await Promise.all([send(query("过")), send(query("relu")), send(query("过拟合"))])
    assert.equal(posted.length, 2)
    assert.deepEqual(Object.keys(posted[1].data.items[0][0].terms), ["过拟合"])
  })

  const failures = {
    "no network": async () => Promise.reject(new TypeError("no network")),
    "an error of the server": async () => ({ ok: false, status: 503, url: "there" }),
  }
  for (const [name, failing] of Object.entries(failures)) {
    test(`after ${name} the next query tries again`, async () => {
      const answers = [failing, async () => response([OVERFITTING])]
      const { send, posted } = worker({ fetch: () => answers.shift()() })
      await send(index())
      await assert.rejects(send(query("过拟合")), /no network|there: 503/)
      assert.equal(posted.length, 1)
      await send(query("过拟合"))
      assert.deepEqual(locations(posted[1]), [OVERFITTING.location])
    })
  }
})
