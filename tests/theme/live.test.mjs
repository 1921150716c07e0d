// Running in place, as far as it needs no browser. Node.js 22 runs this:
// node --test tests/theme/live.test.mjs (make test does, too).

import assert from "node:assert/strict"
import { beforeEach, describe, test } from "node:test"

const file = (name) => new URL(`../../assets/live/${name}`, import.meta.url)

// What a browser has, as far as it is asked.
class Box {
  kept = new Map()
  getItem = (key) => this.kept.get(key) ?? null
  setItem = (key, value) => this.kept.set(key, value)
  removeItem = (key) => this.kept.delete(key)
}
globalThis.location = { pathname: "/zh/labs/tensor_ops/" }
globalThis.localStorage = new Box()

const { pieces } = await import(file("colours.js"))
const { asTerminal } = await import(file("output.js"))
const { Module } = await import(file("cells.js"))
const { lines, Lost } = await import(file("server.js"))
const { changes, solved, whenNothingIsKept } = await import(file("store.js"))
const { wordsOf } = await import(file("words.js"))

describe("colours", () => {
  const kinds = (text) => pieces(text).filter(([kind]) => kind !== null)

  test("pieces together are the text, whatever it is", () => {
    const texts = ['f"{x}" # c', "'open", '"""open\n', "def f(:", "\\", "班 = '级'\n", ""]
    for (const text of texts) {
      assert.equal(pieces(text).map(([, piece]) => piece).join(""), text)
    }
  })

  test("keywords, names, strings and comments are told apart", () => {
    assert.deepEqual(kinds('def run(x):  # if "so"\n    return "for" + x'), [
      ["k", "def"],
      ["nf", "run"],
      ["c", '# if "so"'],
      ["k", "return"],
      ["s", '"for"'],
    ])
    assert.deepEqual(kinds("format = this"), [])
  })

  test("a string that begins a line is a docstring", () => {
    assert.deepEqual(kinds('    """Say so."""\nx = """no"""'), [
      ["c", '"""Say so."""'],
      ["s", '"""no"""'],
    ])
  })
})

describe("printed text", () => {
  test("a progress bar is one line", () => {
    assert.equal(asTerminal("  0%\r 50%\r100%\ndone"), "100%\ndone")
  })

  test("a bar that goes on shows what came last", () => {
    assert.equal(asTerminal(" 50%\r"), " 50%")
    assert.equal(asTerminal("a\r\nb\r\r\n"), "a\nb\n")
  })

  test("colours of a terminal are gone", () => {
    assert.equal(asTerminal("\x1b[1;31mred\x1b[0m"), "red")
  })
})

describe("a module's cells", () => {
  const codes = ["import torch", "def f():\n    return 1", "print(f())", "def g():\n    f()", "g()"]
  const source = `${codes[0]}\n\n\n${codes[1]}\n\n\n${codes[3]}\n\n\n` +
    "if __name__ == '__main__':\n    print(f())\n    g()\n"
  const module = new Module("notes", codes, source)
  const needed = (index) => module.before(index).map(({ cell }) => cell)

  test("a definition needs the definitions up to its own cell, and no demonstration", () => {
    assert.deepEqual(needed(3), ["notes#0", "notes#1", "notes#3"])
  })

  test("a demonstration needs all that comes before it", () => {
    assert.deepEqual(needed(4), ["notes#0", "notes#1", "notes#2", "notes#3"])
  })

  test("an excerpt is found whole or as a part", () => {
    assert.equal(module.find("g()"), 4)
    assert.equal(module.find("    return 1"), 1)
    assert.equal(module.find("return 1"), -1)
  })
})

describe("what the server says", () => {
  const answer = (...parts) => ({
    body: new ReadableStream({
      start(to) {
        for (const part of parts) to.enqueue(part)
        to.close()
      },
    }),
  })
  const heard = async (...parts) => Array.fromAsync(lines(answer(...parts)))

  test("a line may come in pieces, a letter too", async () => {
    const bytes = new TextEncoder().encode('{"text":"梯度"}\n{"n":2}\n')
    for (let cut = 0; cut <= bytes.length; cut++) {
      const said = await heard(bytes.slice(0, cut), bytes.slice(cut))
      assert.deepEqual(said, [{ text: "梯度" }, { n: 2 }])
    }
  })

  test("a stream that breaks is a lost server", async () => {
    const body = new ReadableStream({ pull: () => Promise.reject(new TypeError("network")) })
    await assert.rejects(Array.fromAsync(lines({ body })), Lost)
  })
})

describe("what the browser keeps", () => {
  class Cell {
    constructor(place, author, text = author) {
      Object.assign(this, { place, author, text })
    }
    isChanged = () => this.text !== this.author
    put = (text) => (this.text = text)
  }
  const texts = (...cells) => {
    changes.restore(cells)
    return cells.map(({ text }) => text)
  }

  beforeEach(() => {
    globalThis.localStorage = new Box()
  })

  test("nothing changed is nothing kept", () => {
    changes.save([new Cell("a/1", "one")])
    assert.equal(localStorage.kept.size, 0)
  })

  test("cells of the same text keep their own", () => {
    changes.save([new Cell("a/2", "same", "mine")])
    assert.deepEqual(texts(new Cell("a/1", "same"), new Cell("a/2", "same")), ["same", "mine"])
  })

  test("a text follows its cell to another place; in a new edition it stays in its own", () => {
    changes.save([new Cell("a/1", "one", "mine")])
    assert.deepEqual(texts(new Cell("a/1", "new"), new Cell("b/7", "one")), ["new", "mine"])
    assert.deepEqual(texts(new Cell("a/1", "one, revised")), ["mine"])
  })

  test("what another page keeps stays", () => {
    changes.save([new Cell("a/1", "one", "mine")])
    changes.save([new Cell("a/2", "two", "also mine")])
    assert.deepEqual(texts(new Cell("a/1", "one"), new Cell("a/2", "two")), ["mine", "also mine"])
  })

  test("what was kept under another place is gone after a reset", () => {
    changes.save([new Cell("a/1", "one", "mine")])
    const cell = new Cell("a/zh/1", "one")
    changes.restore([cell])
    cell.put("one")
    changes.save([cell])
    assert.equal(localStorage.kept.size, 0)
  })

  test("the languages of a page share it", () => {
    solved.add("exercise-2")
    assert.deepEqual([...localStorage.kept.keys()], ["live-solved:/labs/tensor_ops/"])
    assert.deepEqual([...solved.load()], ["exercise-2"])
  })

  test("another script's value is none of ours", () => {
    localStorage.setItem("live-solved:/labs/tensor_ops/", '{"not": ')
    assert.deepEqual([...solved.load()], [])
  })

  test("a browser that keeps nothing is heard of", () => {
    let complaints = 0
    whenNothingIsKept(() => complaints++)
    localStorage.setItem = () => {
      throw new Error("full")
    }
    changes.save([new Cell("a/1", "one", "mine")])
    assert.equal(complaints, 1)
  })
})

describe("words", () => {
  const [zh, en] = ["zh-Hans", "en"].map(wordsOf)
  const names = (words) => Object.keys(words).sort()

  test("both languages say the same things", () => {
    assert.notEqual(zh, en)
    assert.deepEqual(names(zh), names(en))
    assert.deepEqual(names(zh.states), names(en.states))
    for (const name of names(zh)) assert.equal(typeof zh[name], typeof en[name], name)
  })
})
