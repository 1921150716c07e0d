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
  keys: [["过拟合", "overfitting"]],
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
const stem = get("stem")
const pairs = get("pairs")
const isSlip = get("isSlip")
const placeFactor = get("placeFactor")
const together = get("together")
const collect = get("collect")
const understood = get("understood")
const knows = get("knows")
const search = get("search")
const sought = get("sought")
const marked = get("marked")

const section = (given) => ({ location: "a/#a", title: "", text: "", page: "", ...given })

// Sections as they are fetched, in one language or more, ready for queries.
const indexOf = (...lists) => collect(together(lists.map((list) => list.map(section))))

// What is found, the best first: locations, unless another property is asked for.
const found = (sections, query, what = "location") =>
  plain(search(indexOf(sections), fold(query)).flat().map((hit) => hit[what]))

const scores = (sections, query) => {
  const hits = search(indexOf(sections), fold(query)).flat()
  return Object.fromEntries(hits.map(({ location, score }) => [location, score]))
}

// The words that a query comes to, where a section has them.
const asked = (query, given = { text: query }) =>
  plain(understood(fold(query), indexOf([given])).words.map((word) => word.text))

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

  test("between Chinese and Latin there is one space, within Chinese none", () => {
    assert.equal(fold("S型 函数"), "s 型函数")
    assert.equal(fold("chain  rule"), "chain rule")
    assert.equal(fold("用chain rule 求导"), "用 chain rule 求导")
  })

  test("inflected words begin alike", () => {
    for (const [word, ...others] of [
      ["derivative", "derivatives"],
      ["overfit", "overfitting"],
      ["layer", "layers"],
      ["minimum", "minima"],
      ["matrix", "matrices"],
      ["stop", "stopping", "stopped"],
      ["loss", "losses"],
      ["class", "classes"],
      ["bias", "biases"],
      ["train", "training", "trained"],
    ]) {
      for (const other of others) assert.equal(stem(other), stem(word))
      assert.ok(word.startsWith(stem(word)), stem(word))
    }
  })

  test("what only looks like an ending stays", () => {
    for (const word of ["string", "loss", "bias", "axis", "need", "mse", "relu6", "过拟合"]) {
      assert.equal(stem(word), word)
    }
  })

  test("a slip is one letter: missing, too many, another, or swapped", () => {
    for (const word of ["sofmax", "sofftmax", "softmux", "sotfmax", "softma"]) {
      assert.equal(isSlip(word, "softmax"), true, word)
    }
    for (const word of ["sofmx", "tensor", "softmaxed", "fostamx"]) {
      assert.equal(isSlip(word, "softmax"), false, word)
    }
  })

  test("what is folded stays as it is", () => {
    for (const text of texts(["a", "B", " ", "-", "型", "，", "Ａ", "ﬁ", "\u3000"], 9)) {
      assert.equal(fold(fold(text)), fold(text))
    }
  })
})

describe("what a query asks for", () => {
  test("its words without filler, but filler alone counts", () => {
    assert.deepEqual(asked("view vs reshape"), ["view", "reshap"])
    assert.deepEqual(asked("What is the difference of views and copies?"), ["view", "cop"])
    assert.deepEqual(asked("怎么用梯度"), ["用梯度"])
    assert.deepEqual(asked("为什么 loss 不下降"), ["loss", "不下降"])
    assert.deepEqual(asked("什么"), ["什么"])
    assert.deepEqual(asked("how to"), ["how", "to"])
  })

  test("filler in a Chinese word is none", () => {
    assert.deepEqual(asked("目的"), ["目的"])
    assert.deepEqual(asked("饱和的原因"), ["饱和", "原因"])
    assert.deepEqual(asked("了解存在的机会"), ["了解存在", "机会"])
  })

  test("names stay whole, also with filler in them", () => {
    const keys = [["学习率", "learning rate"], ["mean square error"], ["为什么要深"]]
    const named = (query) => asked(query, { keys, text: query })
    assert.deepEqual(named("学习率太大"), ["学习率", "太大"])
    assert.deepEqual(named("Learning rates too big"), ["learn rate", "big"])
    assert.deepEqual(named("mean square errors"), ["mean squar error"])
    assert.deepEqual(named("为什么要深"), ["为什么要深"])
  })

  test("a mistyped word is the one that stands there; half a word is not mistyped", () => {
    const text = "Softmax and overfitting."
    assert.deepEqual(asked("sofmax", { text }), ["softmax"])
    assert.deepEqual(asked("overf", { text }), ["overf"])
    assert.deepEqual(asked("sofa", { text }), [])
  })

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

describe("which sections are found", () => {
  const has = (given, query) => found([given, { location: "other/", text: "x" }], query).length > 0

  test("a Latin part begins where a word begins, a Chinese one anywhere", () => {
    assert.ok(!has({ text: "sgd" }, "gd"))
    assert.ok(has({ text: "gradient" }, "grad"))
    assert.ok(has({ text: "用gd训练" }, "gd"))
    assert.ok(has({ text: "为什么过拟合" }, "拟合"))
    assert.ok(has({ text: "分成 N 折" }, "N折"))
  })

  test("a word is met by its inflections, and by other names of the same", () => {
    assert.ok(has({ text: "the derivative" }, "derivatives"))
    assert.ok(has({ text: "overfitting" }, "overfit"))
    const sections = [{ keys: [["损失", "loss"]] }, { location: "b/", text: "损失变小" }]
    assert.ok(found(sections, "loss").includes("b/"))
  })

  test("a Chinese word that stands nowhere is met by its pairs", () => {
    assert.ok(has({ text: "梯度会消失" }, "梯度消失"))
    assert.ok(!has({ text: "别的" }, "梯度消失"))
  })

  test("not every word has to stand in a section, but filler alone brings none", () => {
    const sections = [{ text: "the chain rule" }, { location: "b/", text: "the" }]
    assert.deepEqual(found(sections, "the chain reaction"), ["a/#a"])
    assert.ok(!has({ text: "how to do what" }, "how to integrate"))
  })

  test("a section that meets next to nothing of a query is not shown", () => {
    const rare = Array.from({ length: 9 }, (_, i) => ({ location: `${i}/`, text: "often" }))
    const places = found([{ text: "rare words stand here" }, ...rare], "rare words here often")
    assert.deepEqual(places, ["a/#a"])
  })

  test("of code the names are found", () => {
    assert.ok(has({ code: "zero_grad optimizer" }, "zero_grad"))
  })

  test("another language's text helps to find a section, and is not shown", () => {
    const zh = [section({ title: "鞍点", text: "有路。" })]
    const en = [section({ title: "Saddle point", text: "There is a way to escape." })]
    const index = collect(together([zh, en], 1))
    const [[hit]] = search(index, "escape")
    assert.equal(hit.title, '鞍点<span class="found">有路。</span>')
    assert.equal(knows("escape", indexOf(zh)), false)
    assert.equal(knows("escape the", index), true)
  })

  test("side by side a section has the titles and texts of both", () => {
    const index = indexOf([{ title: "鞍点", text: "一" }], [{ title: "Saddle", text: "One" }])
    const [[hit]] = search(index, "saddle")
    assert.match(hit.title, /^鞍点 <mark[^>]*>Saddle<.*一 One/)
  })
})

describe("what a section earns", () => {
  const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one}, ${other}`)
  const one = (given, query) => scores([given], query)["a/#a"] ?? 0

  test("a name is best as it is, then but for filler, inflection and order", () => {
    const keys = [["vanishing gradient"]]
    const turned = one({ keys }, "what is gradient vanishing")
    assert.ok(turned > WEIGHTS.keyIsCore)
    assert.ok(one({ keys }, "vanishing gradient") > turned)
    assert.ok(one({ keys }, "vanishing gradients") > WEIGHTS.keyIsCore)
    assert.ok(one({ keys, text: "ReLU" }, "vanishing gradient ReLU") < WEIGHTS.keyIsCore)
    assert.ok(one({ keys }, "vanishing") < WEIGHTS.keyIsCore)
  })

  test("a name in a longer query earns by its share", () => {
    const { queryHoldsKey, wordAsKey, keyIsQuery, wordInText, wordRepeated } = WEIGHTS
    const words = (wordAsKey * keyIsQuery + wordInText + wordRepeated) / 2
    near(one({ keys: [["relu"]], text: "noise" }, "relu noise"), queryHoldsKey / 4 + words)
  })

  test("a word earns in the title, in the text, in the title of the page", () => {
    const { wordInTitle, wordShareOfTitle, wordInPage, wordInText, wordRepeated } = WEIGHTS
    near(one({ title: "ReLU now" }, "relu"), wordInTitle + (wordShareOfTitle * 4) / 9)
    near(one({ text: "The ReLU." }, "relu"), wordInText + wordRepeated)
    near(one({ text: "ReLU, ReLU, ReLU." }, "relu"), wordInText + 2 * wordRepeated)
    near(one({ text: "ReLU ".repeat(8) }, "relu"), one({ text: "ReLU ".repeat(20) }, "relu"))
    near(one({ page: "ReLU" }, "relu"), wordInPage)
    assert.deepEqual(found([{ location: "a/", page: "ReLU" }], "relu"), []) // its own title
  })

  test("the title as a whole earns more, and filler in it does not count", () => {
    const { titleIsQuery, titleHoldsQuery, textHoldsQuery } = WEIGHTS
    const title = "View and reshape"
    near(one({ title }, "view vs reshape") - one({ title }, "reshape view"), titleIsQuery)
    assert.ok(one({ title: "The chain rule again" }, "chain rule") > titleHoldsQuery)
    assert.ok(one({ text: "The chain rule." }, "chain rule") > textHoldsQuery)
    assert.ok(one({ text: "The chain of a rule." }, "chain rule") < textHoldsQuery)
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
    ["glossary/", 0.5],
    ["glossary.html#relu", 0.5],
    ["symbols/", 0.5],
    ["symbols.html#data", 0.5],
    ["backpropagation/#summary", 0.6],
    ["backpropagation.html#exercise-2", 0.6],
    ["backpropagation/", 1],
    ["backpropagation/#chain-rule", 1],
  ]) {
    test(`a section at "${location}" counts ${factor}`, () => {
      assert.equal(placeFactor(location), factor)
      const full = one({ title: "ReLU" }, "relu")
      near(scores([{ location, title: "ReLU" }], "relu")[location], full * factor)
    })
  }
})

describe("what a page shows of a section", () => {
  const MARK = /<mark data-md-highlight>|<\/mark>/g
  const mark = (text) => `<mark data-md-highlight>${text}</mark>`
  const title = (given, query) => found([given], query, "title")[0]
  const line = (text, query) => title({ text }, query).match(/<span class="found">(.*)<\/span>/)[1]

  test("what was met is marked, in the text's own letters; filler is not", () => {
    for (const [text, query, shown] of [
      ["Chain Rule: the rule", "the chain rule", `${mark("Chain Rule")}: the ${mark("rule")}`],
      ["过拟合", "拟合", `过${mark("拟合")}`],
      ["Derivatives", "derivative", mark("Derivatives")],
      ["用 zero_grad", "zero grad", `用 ${mark("zero_grad")}`],
      ["分成 N 折", "N折", `分成 ${mark("N 折")}`],
      ["sgd, gd", "gd", `sgd, ${mark("gd")}`],
    ]) {
      assert.equal(title({ title: text }, query), `${shown}<span class="found"></span>`)
    }
  })

  test("nothing of a text becomes markup, and nothing is lost", () => {
    const read = (html) =>
      html.replace(MARK, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&")
    const pieces = ["<", ">", "&", "amp", "lt;", "a", " ", "<mark>", "</b>", "$&", "过"]
    const all = [...texts(pieces, 12)]
    const index = indexOf(all.map((text, i) => ({ location: `${i}/`, text })))
    for (const query of ["a", "lt", "a amp", "mark", "过"]) {
      const pattern = sought(understood(query, index))
      for (const text of all) {
        const html = marked(text, pattern)
        assert.doesNotMatch(html.replace(MARK, ""), /[<>]|&(?!lt;|gt;|amp;)/)
        assert.equal(read(html), text)
      }
    }
  })

  test("a line begins a little before what is met, where most of it is", () => {
    const text = `${"x".repeat(100)} relu ${"y".repeat(200)}`
    const whole = line(text, "relu").replace(MARK, "")
    assert.match(whole, /^…x{39} relu y+…$/)
    assert.equal(whole.length, 162)
    assert.equal(line("short", "short"), mark("short"))
    const two = `relu ${"x ".repeat(200)} relu softmax`
    assert.match(line(two, "relu softmax"), /relu softmax</)
  })

  test("of code that was met the line is shown", () => {
    const shown = title({ text: "Prose.", code: "import zero_grad" }, "zero_grad")
    assert.match(shown, new RegExp(`import ${mark("zero_grad")}`))
  })

  test("the page marks what was met: no filler, no single letters", () => {
    const text = "The n Chain rules, a rule."
    const [terms] = found([{ text }], "the n chain rules", "terms")
    assert.deepEqual(Object.keys(terms).sort(), ["chain", "rule", "rules"])
  })

  test("the page is never asked to mark nothing", () => {
    const [terms] = found([{ keys: [["chain rule"]], text: "N 折" }], "chain rule", "terms")
    assert.deepEqual(terms, { chainrule: true })
    assert.deepEqual(found([{ text: "N 折" }], "N折", "terms"), [{ n折: true }])
  })

  test("a title from the notes is escaped, and so is its page's", () => {
    const html = title({ title: "a < bee", page: "<i>", text: "<u>" }, "bee")
    assert.equal(html, `a &lt; ${mark("bee")}<span class="found"><b>&lt;i&gt;</b> &lt;u&gt;</span>`)
  })

  test("a page's own section does not name the page again", () => {
    assert.doesNotMatch(title({ title: "ReLU", page: "ReLU", text: "t" }, "relu"), /<b>/)
  })
})

describe("the order of results", () => {
  test("the section that teaches a term comes before those that name it", () => {
    const sections = [
      { location: "b/", text: "overfitting, overfitting, overfitting" },
      { location: "labs/c/", title: "Overfitting" },
      { location: "d/", text: "nothing" },
      OVERFITTING,
      { location: "e/", title: "Overfitting and more" },
    ]
    const order = [OVERFITTING.location, "labs/c/", "e/", "b/"]
    assert.deepEqual(found(sections, "overfitting"), order)
    assert.equal(found(sections, "how to prevent overfitting")[0], OVERFITTING.location)
    assert.equal(found(sections, "怎么防止过拟合")[0], OVERFITTING.location)
  })

  test("more of a query comes before less, and rare words before common ones", () => {
    const common = Array.from({ length: 20 }, (_, i) => ({ location: `${i}/`, text: "model" }))
    const rare = { location: "rare/", text: "simple" }
    const sections = [...common, rare, { location: "all/", text: "simple model" }]
    assert.deepEqual(found(sections, "model simple").slice(0, 2), ["all/", "rare/"])
  })

  test("all of a query in a text comes before a part of it in a title", () => {
    const text = "alpha is beta so alpha was beta so alpha and then beta"
    const title = "Alpha and a good many other things"
    const others = Array.from({ length: 90 }, (_, i) => ({ location: `${i}/`, text: "noise" }))
    const sections = [{ location: "part/", title }, { location: "all/", text }, ...others]
    assert.deepEqual(found(sections, "beta alpha"), ["all/", "part/"])
  })

  test("words side by side come before words apart", () => {
    const sections = [
      { location: "apart/", text: "zero and then grad" },
      { location: "beside/", text: "optimizer.zero_grad" },
      { location: "c/", text: "missing" },
    ]
    assert.equal(found(sections, "zero grad missing")[0], "beside/")
  })

  test("of equals the first stays first, and no more than thirty are shown", () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ location: `${i}/`, text: "relu" }))
    assert.deepEqual(found(many, "relu"), Array.from({ length: 30 }, (_, i) => `${i}/`))
  })
})

describe("the messages", () => {
  const [INDEX, READY, QUERY, RESULT] = [0, 1, 2, 3]
  const [OWN, LABS] = ["zh/search/sections.json", "zh/search/labs.json"]
  const [OTHER, OTHER_LABS] = ["en/search/sections.json", "en/search/labs.json"]
  const LAB = { location: "labs/fit/", title: "过拟合", text: "labonly" }
  const index = (docs = []) => {
    const config = { sections: [OWN], labs: [LABS], others: [OTHER, OTHER_LABS] }
    return { type: INDEX, data: { config, docs } }
  }
  const place = (url) => String(url).replace("https://notes.test/", "")
  const sections = async (url) => response(/labs/.test(url) ? [LAB] : [OVERFITTING])
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
      fetched.push(place(url))
      return sections(url)
    }
    const { send, posted } = worker({ fetch })
    await send(index())
    await send(query("ＯＶＥＲfitting!"))
    const first = posted.length
    await send(query("过拟合"))
    assert.deepEqual(fetched.sort(), [LABS, OWN])
    assert.ok(posted.slice(1).every(({ type }) => type === RESULT))
    assert.equal(posted.length, first + 1)
    assert.deepEqual(locations(posted.at(-1)), [OVERFITTING.location, LAB.location])
    assert.deepEqual(posted.at(-1).data.items[0][0].terms, { 过拟合: true })
  })

  test("the chapters answer before the labs are there, the labs come after", async () => {
    let arrive
    const late = new Promise((resolve) => (arrive = () => resolve(response([LAB]))))
    const fetch = (url) => (place(url) === LABS ? late : sections(url))
    const { send, posted } = worker({ fetch })
    await send(index())
    const answered = send(query("过拟合"))
    await new Promise((resolve) => setTimeout(resolve))
    assert.deepEqual(posted.slice(1).map(locations), [[OVERFITTING.location]])
    arrive()
    await answered
    assert.deepEqual(locations(posted[2]), [OVERFITTING.location, LAB.location])
    await send(query("labonly"))
    assert.deepEqual(posted.slice(3).map(locations), [[LAB.location]])
  })

  test("a query without a letter has no results and fetches nothing", async () => {
    const { send, posted } = worker({ fetch: () => assert.fail("fetched") })
    await send(index())
    await send(query(" ？ "))
    assert.deepEqual(posted[1], { type: RESULT, data: { items: [] } })
  })

  test("what stands nowhere is looked for in the other language, fetched for it", async () => {
    const fetched = []
    const english = { ...OVERFITTING, text: "A gap between the losses." }
    const fetch = async (url) => {
      fetched.push(place(url))
      return place(url) === OTHER ? response([english]) : sections(url)
    }
    const { send, posted } = worker({ fetch })
    await send(index())
    await send(query("gaps"))
    await send(query("nowhere"))
    assert.deepEqual(fetched.sort(), [OTHER_LABS, OTHER, LABS, OWN])
    assert.deepEqual(posted.slice(1).map(locations), [[OVERFITTING.location], []])
  })

  test("sections that came with the index are not fetched", async () => {
    const { send, posted } = worker({ fetch: () => assert.fail("fetched") })
    await send(index([[OVERFITTING], [LAB], [OVERFITTING], [LAB]]))
    await send(query("过拟合"))
    const both = [OVERFITTING.location, LAB.location]
    assert.deepEqual(locations(posted.at(-1)), both)
    await send(query("nowhere"))
    assert.deepEqual(locations(posted.at(-1)), [])
  })

  test("only the last of several queries is answered", async () => {
    const { send, posted } = worker({ fetch: sections })
    await send(index())
    await Promise.all([send(query("过")), send(query("relu")), send(query("过拟合"))])
    const words = posted.slice(1).flatMap(({ data }) => Object.keys(data.items[0][0].terms))
    assert.deepEqual([...new Set(words)], ["过拟合"])
  })

  const failures = {
    "no network": async () => Promise.reject(new TypeError("no network")),
    "an error of the server": async () => ({ ok: false, status: 503, url: "there" }),
  }
  for (const [name, failing] of Object.entries(failures)) {
    test(`after ${name} the next query tries again`, async () => {
      let fetch = failing
      const { send, posted } = worker({ fetch: (url) => fetch(url) })
      await send(index())
      await assert.rejects(send(query("过拟合")), /no network|there: 503/)
      assert.equal(posted.length, 1)
      fetch = sections
      await send(query("过拟合"))
      assert.deepEqual(locations(posted.at(-1)), [OVERFITTING.location, LAB.location])
    })
  }
})
