// What needs a script; without one every page still reads in full.

// The switch of mode stays in the section that is being read, and is remembered.
function currentSection() {
  const headings = [...document.querySelectorAll("article :is(h2, h3)[id]")]
  const passed = headings.filter((h) => h.getBoundingClientRect().top < innerHeight / 3)
  return passed.length ? `#${passed.at(-1).id}` : ""
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-mode]")
  if (!link) return
  localStorage.setItem("mode", link.dataset.mode)
  if (link.closest(".modes")) link.hash = currentSection()
})

// The greeting leads on to the mode that was chosen last, but not who comes back to it.
const chosen = document.querySelector(`.doors [data-mode="${localStorage.getItem("mode")}"]`)
if (chosen && !document.referrer.startsWith(location.origin)) location.replace(chosen.href)

// The meaning of a term, under it: for a pointer that rests, a tap, a key that comes by.
const meaning = Object.assign(document.createElement("div"),
  { className: "meaning", id: "meaning", role: "tooltip", hidden: true })
document.body.append(meaning)

function tell(term) {
  term.dataset.meaning ??= term.title
  term.removeAttribute("title") // or the browser would show it, too
  term.setAttribute("aria-describedby", meaning.id)
  meaning.textContent = term.dataset.meaning
  meaning.hidden = false
  const box = term.getClientRects()[0]
  const room = document.documentElement.clientWidth - meaning.offsetWidth - 8
  meaning.style.left = `${Math.max(8, Math.min(box.left, room)) + scrollX}px`
  meaning.style.top = `${box.bottom + scrollY + 4}px`
}

for (const [come, go] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  addEventListener(come, ({ target }) => target.closest?.("abbr.term") && tell(target))
  addEventListener(go, ({ target, type }) => {
    // A pointer that leaves takes nothing from who came by key or tap.
    const stays = type === "mouseout" && target === document.activeElement
    if (target.closest?.("abbr.term") && !stays) meaning.hidden = true
  })
}
addEventListener("keydown", ({ key }) => { if (key === "Escape") meaning.hidden = true })

// Who goes to the search will look for something: its sections are on their way meanwhile.
document.querySelector("[data-md-component=search-query]")?.addEventListener("focus", () => {
  const { base } = JSON.parse(document.getElementById("__config").textContent)
  if (location.protocol !== "file:") fetch(new URL("search/sections.json", new URL(base, location)))
}, { once: true })

// An excerpt offers its whole module to the clipboard. (From a folder nothing can be read.)
const words = document.documentElement.lang === "en"
  ? { copy: "Copy the whole file", copied: "Copied" }
  : { copy: "复制整个文件", copied: "已复制" }

for (const line of location.protocol === "file:" ? [] : document.querySelectorAll(".module")) {
  const button = document.createElement("button")
  button.textContent = words.copy
  button.addEventListener("click", async () => {
    const file = await fetch(line.querySelector(".download").href)
    await navigator.clipboard.writeText(await file.text())
    button.textContent = words.copied
    setTimeout(() => { button.textContent = words.copy }, 2000)
  })
  line.querySelector(".download").after(" ", button)
}

// What scrolls in a box of its own can be reached, and so be scrolled, by keyboard.
const boxes = "article :is(pre > code, .md-typeset__scrollwrap, math[display=block])"
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => {
  if (target.scrollWidth > target.clientWidth) target.tabIndex = 0
}))
const reach = () => document.querySelectorAll(`${boxes}:not([tabindex])`).forEach((box) => {
  sizes.unobserve(box) // or one that was seen already would not be measured again
  sizes.observe(box)
})
reach()

// The theme, which comes later, wraps tables, takes code out of the keyboard's way on a
// phone, and makes of the buttons of a block of code a landmark of the page.
new MutationObserver(() => {
  reach()
  document.querySelectorAll("nav.md-code__nav:not([role])")
    .forEach((nav) => nav.setAttribute("role", "none"))
}).observe(document.querySelector("article") ?? document.body,
  { childList: true, subtree: true, attributeFilter: ["tabindex"] })

// Paper has no folded answers.
const folded = () => document.querySelectorAll("article details:not([open])")
let unfolded = []
addEventListener("beforeprint", () => { unfolded = [...folded()]; unfolded.forEach((d) => { d.open = true }) })
addEventListener("afterprint", () => unfolded.forEach((d) => { d.open = false }))
