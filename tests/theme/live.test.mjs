// What running in place knows without a page: colours of Python, and how a terminal shows.

import assert from "node:assert/strict"
import { test } from "node:test"

import { pieces } from "../../assets/live/colours.js"
import { asTerminal } from "../../assets/live/output.js"

const kinds = (code) => pieces(code).filter(([kind]) => kind !== null)

test("pieces together are the code", () => {
  const codes = ["", "x", "# c", '"""a\nb', "f'{x}'\n\n", "def f(x):\n    return 'é' # 中"]
  for (const code of codes) {
    assert.equal(pieces(code).map(([, text]) => text).join(""), code)
  }
})

test("keywords, strings, comments and what is defined have colours", () => {
  assert.deepEqual(kinds("def f(x):  # why\n    return print('a') or None"), [
    ["k", "def"],
    ["nf", "f"],
    ["c", "# why"],
    ["k", "return"],
    ["s", "'a'"],
    ["k", "or"],
    ["k", "None"],
  ])
})

test("a word that only begins as a keyword has none", () => {
  assert.deepEqual(kinds("format = island_in.for_ + x.is_cuda"), [])
})

test("a comment within a string is none, nor a string within a comment", () => {
  assert.deepEqual(kinds(`"# a" # "b"`), [["s", '"# a"'], ["c", '# "b"']])
})

test("a string ends with its line, one of three quotes does not", () => {
  assert.deepEqual(kinds('x = "a\ny = 1'), [["s", '"a']])
  assert.deepEqual(kinds('x = """a\nif b""" + 1'), [["s", '"""a\nif b"""']])
})

test("a prefix is part of its string, a quote may be escaped", () => {
  assert.deepEqual(kinds(String.raw`y = rb"a\"b" + f'c'`), [
    ["s", String.raw`rb"a\"b"`],
    ["s", "f'c'"],
  ])
})

test("a string that begins a line is a docstring, whole or not yet", () => {
  assert.deepEqual(kinds('    """What\n    for."""'), [["c", '"""What\n    for."""']])
  assert.deepEqual(kinds('    """What\n    for'), [["c", '"""What\n    for']])
})

test("a line begun again replaces what it said", () => {
  assert.equal(asTerminal("10%\r50%\rdone\nnext\r\n"), "done\nnext\n")
  assert.equal(asTerminal("going\r"), "going")
})

test("what colours a terminal is left out", () => {
  assert.equal(asTerminal("\x1b[1;31mred\x1b[0m"), "red")
})
